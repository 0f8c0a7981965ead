/* Makes pages quicker; all works without it. Nothing newer than ES2020: Chromium 86 reads it.
   table[data-grid]         Enter and arrows move in a column, a block from a sheet fills fields
   [data-tick-all="人"]     counts ticks, offers all and none; [data-tick-whole] in it ticks all
   [data-copy="复制名单"]   gets this button, which copies the text
   form[data-brief]         is left without a question
   body[data-session-left]  seconds the session lasts; data-login: where to log in again
   Forms that post ask before typed text is lost, go up once, and focus the first error. */
const all = (what, where = document) => [...where.querySelectorAll(what)];
const one = (what, where = document) => where.querySelector(what);
const made = (name, properties) => Object.assign(document.createElement(name), properties);
const button = (textContent, onclick) =>
  made("button", { type: "button", className: "second", textContent, onclick });
const status = (role = "status") => {
  const place = made("div", { tabIndex: -1 });
  place.setAttribute("role", role);
  return place;
};
const some = (words) =>
  words.slice(0, 20).map((word) => `「${word}」`).join("、") + (words.length > 20 ? "等" : "");

// Tables of inputs
const FIELDS = 'input:not([type="hidden"]), select, textarea';
const cellsOf = (row) => all(FIELDS, row).filter((field) => !/checkbox|radio|file/.test(field.type));

const move = (table, field, by) => {
  const cell = field.closest("td, th");
  const rows = all("tr", table);
  const place = all(FIELDS, cell).indexOf(field);
  for (let at = rows.indexOf(cell.parentNode) + by; rows[at]; at += by) {
    const there = rows[at].cells[cell.cellIndex];
    const fields = there ? all(FIELDS, there).filter((other) => !other.disabled) : [];
    const next = fields[place] || fields[0];
    if (next) {
      next.focus();
      return next.select && next.select();
    }
  }
};

const onKey = (event) => {
  const field = event.target;
  const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  // While characters are composed, these keys choose.
  if (!by || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey) return;
  if (!field.matches(FIELDS) || field.type === "textarea") return;
  if (event.key !== "Enter" && field.matches('select, [list], [type="date"], [type="month"]')) return;
  event.preventDefault();
  move(event.currentTarget, field, by);
};

// Rows of cells; a quoted cell may hold tabs, line ends and doubled quotes.
const blockOf = (text) => {
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^\t\r\n]*))(\t|\r\n?|\n|$)/y;
  const rows = [[]];
  for (let found = cell.exec(text); found; found = found[3] && cell.exec(text)) {
    const read = found[1] === undefined ? found[2] : found[1].replace(/""/g, '"');
    rows[rows.length - 1].push(read.replace(/\s+/g, " ").trim());
    if (found[3] && found[3] !== "\t") rows.push([]);
  }
  while (rows.length && !rows[rows.length - 1].join("")) rows.pop();
  return rows;
};

const asTyped = (type, text) => {
  if (type === "number") return text.replace(/[,\uff0c]/g, "");
  const day = /date|month/.test(type) && /^(\d{4})\D?(\d{1,2})(?:\D?(\d{1,2}))?\D?$/.exec(text);
  return day ? day.slice(1).filter(Boolean).map((part) => part.padStart(2, "0")).join("-") : text;
};

// Whether the field took the text; otherwise it is as before.
const put = (field, text) => {
  const before = field.value;
  const options = field.options && [...field.options].filter((each) => [each.text.trim(), each.value].includes(text));
  if (options && !options.length) return !text;
  const wanted = options ? options[0].value : asTyped(field.type, text);
  if (!field.disabled && !field.readOnly) field.value = wanted;
  if (field.value === wanted) return true;
  field.value = before;
  return false;
};

const headOf = (table, field) => {
  const head = all("thead tr:last-child th", table)[field.closest("td, th").cellIndex];
  return head ? head.textContent.trim() : "";
};

const fill = (table, first, block, said) => {
  const rows = all("tr", table).map(cellsOf).filter((cells) => cells.length);
  const top = rows.findIndex((cells) => cells.includes(first));
  const left = rows[top].indexOf(first);
  const before = [], refused = [], beyond = [];
  const below = block.slice(rows.length - top).map((line) => line.find(Boolean) || "空行");
  block.slice(0, rows.length - top).forEach((line, down) => line.forEach((text, right) => {
    const field = rows[top + down][left + right];
    if (field) {
      before.unshift([field, field.value]);
      if (!put(field, text)) refused.push(`第 ${top + down + 1} 行 ${headOf(table, field)} ${text}`);
    } else if (text) beyond.push(text);
  }));
  const words = [`粘贴了 ${block.length - below.length} 行,还没有保存。`];
  if (below.length) words.push(`表格的行不够,${below.length} 行没填:${some(below)}。`);
  if (beyond.length) words.push(`表格的列不够,${beyond.length} 格没填:${some(beyond)}。`);
  if (refused.length) words.push(`${refused.length} 格填不进去,请手工填:${some(refused)}。`);
  said.className = words.length > 1 ? "banner" : "";
  said.replaceChildren(...words, " ", button("撤销粘贴", () => {
    before.forEach(([field, value]) => { field.value = value; });
    said.textContent = "已撤销粘贴。";
    first.focus();
  }));
};

all("table[data-grid]").forEach((table) => {
  const said = status();
  (table.closest(".wide") || table).after(said);
  table.addEventListener("keydown", onKey);
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.trim()) || !cellsOf(table).includes(event.target)) return;
    event.preventDefault();
    fill(table, event.target, blockOf(text), said);
  });
});

// Lists of ticks
all("[data-tick-all]").forEach((list) => {
  const ticks = all('[type="checkbox"]:enabled:not([data-tick-whole])', list);
  const whole = one("[data-tick-whole]", list);
  const word = list.dataset.tickAll;
  const said = status();
  const count = () => {
    said.textContent = `已勾选 ${ticks.filter((tick) => tick.checked).length} ${word},共 ${ticks.length} ${word}`;
  };
  const tickAll = (checked) => {
    ticks.forEach((tick) => { tick.checked = checked; });
    count();
  };
  if (!ticks.length) return;
  (list.closest(".wide") || list).before(said);
  if (!whole) said.before(button("全选", () => tickAll(true)), " ", button("全不选", () => tickAll(false)));
  list.addEventListener("change", (event) => {
    if (event.target === whole) return tickAll(whole.checked);
    if (whole && !event.target.checked) whole.checked = false;
    count();
  });
  addEventListener("pageshow", count);
});

// Text to copy; newer ways are closed on plain http
all("[data-copy]").forEach((text) => {
  const said = status();
  text.before(button(text.dataset.copy, () => {
    getSelection().selectAllChildren(text);
    said.textContent = document.execCommand("copy") ? "已复制,可以粘贴了。" : "没有复制成,请按 Ctrl+C。";
  }), said);
});

// The session
const left = Number(document.body.dataset.sessionLeft);
const end = Date.now() + left * 1000;
const token = () => (/\bcsrftoken=(\w+)/.exec(document.cookie) || [])[1];
const firstToken = token(); // another login brings another
const isOver = () => left > 0 && Date.now() >= end && token() === firstToken;
const told = status("alert");
const again = made("a", { href: document.body.dataset.login, target: "_blank", textContent: "在新窗口重新登录" });
let shown = "";
const tell = () => {
  const at = new Date(end).toTimeString().slice(0, 5);
  const isNear = Date.now() > end - 6e5 && token() === firstToken;
  const words = isOver() ? "登录已到期,本页写的内容都还在。重新登录以后,回到这里再保存:"
    : isNear ? `登录将在 ${at} 到期,写好的请先保存;没写完的不要关闭本页。` : "";
  if (words === shown) return;
  shown = words;
  told.className = words && "banner";
  told.replaceChildren(words, isOver() ? again : "");
};
if (left) {
  one("main").prepend(told);
  setInterval(tell, 1e4);
  document.addEventListener("visibilitychange", tell);
}

// Forms that post
const resting = new Set();
let sent;
const wake = () => {
  resting.forEach((press) => { press.disabled = false; });
  resting.clear();
  sent = null;
};
const isTyped = (field) =>
  /^(text|textarea|tel|number|date|month)$/.test(field.type) && field.value !== field.defaultValue;
const isUnsaved = (form) => form !== sent && form.matches('[method="post"]:not([data-brief])') &&
  [...form.elements].some((field) => isTyped(field) || field.matches('[aria-invalid="true"]'));

addEventListener("pageshow", wake);
addEventListener("beforeunload", (event) => {
  if (![...document.forms].some(isUnsaved)) return;
  event.preventDefault();
  event.returnValue = "";
  setTimeout(wake); // for whoever stays
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches('[method="post"]')) return;
  if (isOver()) {
    event.preventDefault();
    tell();
    return told.focus();
  }
  if (form.csrfmiddlewaretoken && token() !== firstToken) form.csrfmiddlewaretoken.value = token();
  sent = form;
  // Later: a disabled button is not sent.
  setTimeout(() => [...form.elements].filter((press) => press.matches("button:enabled")).forEach((press) => {
    press.disabled = true;
    resting.add(press);
  }));
});

// A refused form; what comes anew is read out
const wrong = one('main [aria-invalid="true"]:not([type="hidden"])');
const problem = one('main .problem[role="alert"]');
if (problem) problem.parentNode.insertBefore(problem, problem.nextSibling);
for (let part = wrong; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
if (wrong) wrong.focus();
else if (problem && !one("main [autofocus]")) {
  problem.tabIndex = -1;
  problem.focus();
}
