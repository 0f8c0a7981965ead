"""What stands on the pages of a PDF that Chromium printed; fonts and streams as Skia writes them."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
_TO_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
_RANGE = re.compile(rb"<(\w+)> <(\w+)> <(\w+)>")
_CHARACTER = re.compile(rb"<(\w+)> <(\w+)>\n")
# A font is named after its object: /F12 16 Tf; then come its characters: <A9> Tj.
_SHOWN = re.compile(rb"/F(\d+) \S+ Tf|<([0-9A-F]+)> Tj")


def text_on_pages(pdf: bytes) -> list[str]:
    """The text of each page without its spaces, in the order in which it was drawn."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {
        number: _characters(_stream(objects[int(found[1])]))
        for number, body in objects.items()
        if (found := _TO_UNICODE.search(body))
    }
    contents = [_stream(objects[int(number)]) for number in _CONTENTS.findall(pdf)]
    return ["".join(_text(content, fonts).split()) for content in contents]


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"FlateDecode" in body[: found.start()] else found[1]


def _characters(cmap: bytes) -> dict[bytes, str]:
    """Code, in hexadecimal digits, to character."""
    found: dict[bytes, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        found |= {code: bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _CHARACTER.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                code = b"%0*X" % (len(first), int(first, 16) + step)
                found[code] = chr(int(text, 16) + step)
    return found


def _text(content: bytes, fonts: dict[int, dict[bytes, str]]) -> str:
    shown, font = [], dict[bytes, str]()
    for name, codes in _SHOWN.findall(content):
        if name:
            font = fonts.get(int(name), {})
            continue
        length = len(next(iter(font), b"00"))
        shown += [font.get(codes[at : at + length], "?") for at in range(0, len(codes), length)]
    return "".join(shown)
