"""Small real files of each kind."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 4
WEBM = b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm" + b"\x00" * 64
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nHello, Zoë\n".encode()
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(form: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, "green").save(stream, form)
    return stream.getvalue()


def upload(content: bytes, name: str = "file.bin", content_type: str = "text/html") -> SimpleUploadedFile:
    """An upload that lies about its type, as uploads may."""
    return SimpleUploadedFile(name, content, content_type)
