"""Reading and writing picture files with Pillow: whatever somebody uploads, and only in the formats we know."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP")
# 60 million pixels is a 9,000 x 6,600 photograph and about 240 MB in memory; more is a mistake or an attack.
MAX_PIXELS = 60_000_000
# EXIF orientations that turn a picture by a quarter.
TURNED = (5, 6, 7, 8)
# The encoders' own scales. AVIF at speed 8 takes about as long as WebP and is a third smaller.
ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 58, "speed": 8, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
    "jpg": ("JPEG", {"quality": 80, "optimize": True, "progressive": True}),
}


class UnusablePictureError(ValueError):
    """The file is no picture that can be shown, and will not become one by trying again."""


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Image.Image]:
    """Open a picture without decoding it.

    Raises UnusablePictureError for what is no picture, no known format, damaged or has more than MAX_PIXELS.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=READABLE)
        with image:
            if image.width * image.height > MAX_PIXELS:
                raise UnusablePictureError(
                    f"the picture has {image.width} x {image.height} pixels; the limit is {MAX_PIXELS:,} in all. "
                    "Make it smaller."
                )
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusablePictureError(f"the picture is too large: {error}. The limit is {MAX_PIXELS:,} pixels.") from error
    except UnidentifiedImageError as error:
        raise UnusablePictureError(f"no picture in one of the formats {', '.join(READABLE)}: {error}") from error
    except (SyntaxError, EOFError, ValueError, OSError) as error:
        # Pillow's words for a damaged file. A file that is missing is another matter and may yet come.
        if isinstance(error, UnusablePictureError | FileNotFoundError | PermissionError):
            raise
        raise UnusablePictureError(f"the picture is damaged: {error}") from error


def shown_size(image: Image.Image) -> tuple[int, int]:
    """Width and height once the picture is turned as its EXIF note says."""
    turned = image.getexif().get(ExifTags.Base.Orientation) in TURNED
    return (image.height, image.width) if turned else image.size


def read_size(file: IO[bytes]) -> tuple[int, int]:
    """Width and height as shown; (0, 0) for what cannot be used. Leaves `file` rewound."""
    try:
        with opened(file) as image:
            return shown_size(image)
    except (UnusablePictureError, FileNotFoundError):
        return 0, 0
    finally:
        if not file.closed:
            file.seek(0)


def upright(image: Image.Image) -> Image.Image:
    """The picture as it is meant to be seen: turned by its EXIF note, in sRGB, as RGB or RGBA."""
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16") or image.mode == "I":
        # Sixteen bits a pixel; Pillow would cut them off at 255 instead of scaling them.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK", "L"):
        image = _to_srgb(image, profile)
    wanted = "RGBA" if has_alpha else "RGB"
    return image if image.mode == wanted else image.convert(wanted)


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        # A profile that is broken or for another kind of picture: the plain numbers are close enough.
        return image
    return converted or image


def encode(image: Image.Image, *, width: int, suffix: str) -> bytes:
    """One size of an upright picture in one of the formats of ENCODERS."""
    height = max(round(image.height * width / image.width), 1)
    sized = image if image.width == width else image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    name, options = ENCODERS[suffix]
    if name == "JPEG" and sized.mode == "RGBA":
        ground = Image.new("RGB", sized.size, "white")
        ground.paste(sized, mask=sized.getchannel("A"))
        sized = ground
    buffer = io.BytesIO()
    # Nothing of the original's notes goes along: no place, no camera, no names.
    sized.save(buffer, name, **options)
    return buffer.getvalue()
