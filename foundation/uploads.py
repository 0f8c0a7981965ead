"""Uploaded files stay in memory: nothing of them is ever written to a disk unencrypted.

Django would write a large one to a temporary file. Here what goes beyond the limit of one request is read past and
dropped; the file then has its true size and no content, so that a form can say that it is too large.
"""

import io
from typing import IO, Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 6 * 1024 * 1024  # of all files of a request; a form that takes less says so itself


class MemoryOnlyUploadHandler(FileUploadHandler):
    """Keeps the files of a request while they fit into MOST_BYTES together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = MOST_BYTES
        self.content: IO[bytes] = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.room -= len(raw_data)
        if self.room >= 0:
            self.content.write(raw_data)
        else:
            self.content = io.BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
