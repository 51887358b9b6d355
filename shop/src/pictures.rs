//! Pictures that people bring, drawn anew: what is kept is our own encoding of what could be seen, so that nothing else
//! that was in the file comes along. Sizes are read from the head of a file before anything is unpacked.

use std::io::Cursor;

use image::codecs::avif::AvifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage, Rgba, RgbaImage};

use crate::files::MAX_PICTURE;

/// The most pixels of a picture.
pub const MOST_PIXELS: u64 = 50_000_000;
/// The longest side of a picture.
const LONGEST_SIDE: u32 = 20_000;
/// The most memory that unpacking one may take: 50 megapixels with 8 bytes each.
const MOST_MEMORY: u64 = 400 << 20;
/// The widths that a picture is kept in, as far as it is that wide.
const WIDTHS: [u32; 5] = [320, 640, 960, 1280, 1920];
/// How well photographs are kept: the original, and its smaller widths.
const JPEG_QUALITY: (u8, u8) = (90, 80);
/// Quality, and speed from 1 to 10, of AVIF.
const AVIF: (u8, u8) = (62, 9);

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nothing is in it.
    #[error("The file is empty.")]
    Empty,
    /// Too many bytes.
    #[error("The picture has more than {} MB.", MAX_PICTURE >> 20)]
    TooLarge,
    /// Too many pixels.
    #[error("The picture has more than {} million pixels.", MOST_PIXELS / 1_000_000)]
    TooManyPixels,
    /// It is of no kind that is read.
    #[error("This is no JPEG, PNG, GIF or WebP picture.")]
    UnknownKind,
    /// It is broken.
    #[error("The picture is damaged and can't be read.")]
    Damaged,
}

/// A picture as it is kept.
#[derive(Debug)]
pub struct Taken {
    /// JPEG, or PNG where something shows through.
    pub bytes: Vec<u8>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// A smaller width of a picture.
#[derive(Debug)]
pub struct Drawn {
    /// Its width in pixels.
    pub width: u32,
    /// AVIF.
    pub avif: Vec<u8>,
    /// JPEG, on white where something shows through.
    pub jpeg: Vec<u8>,
}

/// Reads a picture from outside and draws it anew: upright, its first frame, without anything that was told beside it.
pub fn take(bytes: &[u8]) -> Result<Taken, Refusal> {
    let picture = read(bytes)?;
    let (width, height) = (picture.width(), picture.height());
    let mut out = Vec::new();
    let written = if shows_through(&picture) {
        let picture = picture.into_rgba8();
        PngEncoder::new(&mut out).write_image(picture.as_raw(), width, height, image::ExtendedColorType::Rgba8)
    } else {
        JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY.0).encode_image(&picture.into_rgb8())
    };
    written.map_err(|_| Refusal::Damaged)?;
    Ok(Taken { bytes: out, width, height })
}

/// Unpacks a picture, within limits.
pub fn read(bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > MAX_PICTURE {
        return Err(Refusal::TooLarge);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Refusal::UnknownKind)?;
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP];
    if !reader.format().is_some_and(|format| known.contains(&format)) {
        return Err(Refusal::UnknownKind);
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST_SIDE), Some(LONGEST_SIDE));
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refusal::TooManyPixels);
    }
    if width == 0 || height == 0 {
        return Err(Refusal::Damaged);
    }
    let orientation = decoder.orientation().map_err(|_| Refusal::Damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn refused(error: image::ImageError) -> Refusal {
    if matches!(error, image::ImageError::Limits(_)) { Refusal::TooManyPixels } else { Refusal::Damaged }
}

fn shows_through(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] != u8::MAX)
}

/// The widths that a picture of a width is kept in: never wider than it is.
pub fn widths(width: u32) -> Vec<u32> {
    let widest = width.min(WIDTHS[WIDTHS.len() - 1]);
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|less| *less < widest).collect();
    widths.push(widest);
    widths
}

/// Draws a picture in a width.
pub fn draw(picture: &DynamicImage, width: u32) -> Result<Drawn, Refusal> {
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width().max(1));
    let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
    let small = if width == picture.width() {
        picture.clone()
    } else {
        picture.resize_exact(width, height, FilterType::Triangle)
    };
    let (quality, speed) = AVIF;
    let mut avif = Vec::new();
    let encoder = AvifEncoder::new_with_speed_quality(&mut avif, speed, quality).with_num_threads(Some(1));
    let written = if shows_through(&small) {
        let small = small.to_rgba8();
        encoder.write_image(small.as_raw(), width, height, image::ExtendedColorType::Rgba8)
    } else {
        let small = small.to_rgb8();
        encoder.write_image(small.as_raw(), width, height, image::ExtendedColorType::Rgb8)
    };
    written.map_err(|_| Refusal::Damaged)?;
    let mut jpeg = Vec::new();
    let flat = on_white(&small.into_rgba8());
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY.1).encode_image(&flat).map_err(|_| Refusal::Damaged)?;
    Ok(Drawn { width, avif, jpeg })
}

fn on_white(picture: &RgbaImage) -> RgbImage {
    let blend = |over: u8, alpha: u8| {
        let (over, alpha) = (u32::from(over), u32::from(alpha));
        u8::try_from((over * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let Rgba([red, green, blue, alpha]) = *picture.get_pixel(x, y);
        image::Rgb([blend(red, alpha), blend(green, alpha), blend(blue, alpha)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_width_is_wider_than_the_picture() {
        for (width, expected) in [
            (100, vec![100]),
            (320, vec![320]),
            (1000, vec![320, 640, 960, 1000]),
            (1920, vec![320, 640, 960, 1280, 1920]),
            (6000, vec![320, 640, 960, 1280, 1920]),
        ] {
            assert_eq!(widths(width), expected, "{width}");
        }
    }
}
