//! Pictures that staff bring: what is kept is drawn anew, and what would hurt is refused.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Frame, ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};
use serde_json::{Value, json};

use crate::app::{Engine, TestApp, both_engines};
use crate::buyer::{Answer, text};
use crate::staff::{ADMIN, Staff};

both_engines!(a_picture_is_drawn_anew_and_made_smaller, what_would_hurt_is_refused_or_drawn_anew);

fn photo(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes).encode_image(&picture).expect("a picture is encoded");
    bytes
}

fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, ImageFormat::Png).expect("a picture is encoded");
    bytes.into_inner()
}

/// The photo with an APP1 segment that says which way is up and where it was taken.
fn turned(mut jpeg: Vec<u8>) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS-OF-SOMEBODY");
    let length = u16::try_from(exif.len() + 2).expect("short");
    let segment = [&[0xff, 0xe1][..], &length.to_be_bytes(), &exif].concat();
    jpeg.splice(2..2, segment);
    jpeg
}

async fn bring(shop: &TestApp, staff: &Staff, bytes: Vec<u8>) -> Answer {
    let api = shop.api().with_bearer(&staff.token);
    api.send_bytes("POST", "/api/admin/media", "application/octet-stream", bytes).await
}

/// The bytes at a path, their type, and how long they are kept.
async fn fetch(shop: &TestApp, path: &str) -> (Vec<u8>, String, String) {
    let answer = shop.api().request("GET", path).send().await.expect("the shop answers");
    assert_eq!(answer.status(), 200, "{path}");
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("x-content-type-options"), "nosniff");
    let (kind, kept) = (header("content-type"), header("cache-control"));
    (answer.bytes().await.expect("the answer arrives whole").to_vec(), kind, kept)
}

async fn a_picture_is_drawn_anew_and_made_smaller(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let kept: Value = bring(&shop, &staff, turned(photo(400, 200))).await.ok(201);
    assert_eq!((&kept["width"], &kept["height"]), (&json!(200), &json!(400)), "it stands upright");
    let src = text(&kept["src"]).to_owned();
    assert!(src.ends_with(".jpg"), "{src}");
    let (bytes, kind, _) = fetch(&shop, &src).await;
    assert!(kind == "image/jpeg" && !bytes.windows(4).any(|four| four == b"Exif" || four == b"GPS-"));
    let through = png(RgbaImage::from_pixel(700, 500, Rgba([10, 20, 30, 128])));
    let seen = bring(&shop, &staff, through).await.ok(201);
    let (name, digits) = (text(&seen["src"]).to_owned(), text(&seen["src"])[7..39].to_owned());
    assert!(name.ends_with(".png"));

    // While the widths are not made yet their addresses show the picture itself.
    let (_, kind, kept) = fetch(&shop, &format!("/media/{digits}/320.avif")).await;
    assert!(kind == "image/png" && !kept.contains("immutable"));
    let cup = json!({
        "name": "Cup", "status": "active", "variants": [{ "price": { "amount": 900, "currency": "EUR" } }],
        "images": [{ "src": name, "alt": "A cup", "focal": { "x": 10, "y": 90 } }],
    });
    let made = staff.post("/api/admin/products", &cup).await.ok(201);
    assert_eq!((&made["images"][0]["width"], &made["images"][0]["height"]), (&json!(700), &json!(500)));
    shop.drain().await;
    for (width, height) in [(320, 228), (640, 457), (700, 500)] {
        let (bytes, kind, kept) = fetch(&shop, &format!("/media/{digits}/{width}.jpg")).await;
        let size = ImageReader::new(Cursor::new(bytes)).with_guessed_format().expect("bytes").into_dimensions();
        assert_eq!(size.expect("a picture"), (width, height));
        assert!(kind == "image/jpeg" && kept.contains("immutable"));
        let (bytes, kind, _) = fetch(&shop, &format!("/media/{digits}/{width}.avif")).await;
        assert!(kind == "image/avif" && bytes[4..12] == *b"ftypavif");
    }
    let page = shop.visitor().open("/p/cup").await.is(200).html;
    assert!(page.contains(&format!("/media/{digits}/640.avif 640w")), "{page}");
    assert!(page.contains("at-left-bottom"), "{page}");
    for nowhere in ["/media/{d}/320.svg", "/media/{d}/..%2f320.avif", "/media/../320.avif", "/media/{d}/x.avif"] {
        let answer = shop.api().get(&nowhere.replace("{d}", &digits)).await;
        assert_eq!(answer.status, 404, "{nowhere}");
    }
    shop.verify().await;
}

async fn what_would_hurt_is_refused_or_drawn_anew(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let staff = Staff::hire(&shop, ADMIN).await;
    let refused: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", vec![]),
        ("a page", b"<html><script>alert(1)</script></html>".to_vec()),
        ("a drawing", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x()</script></svg>".to_vec()),
        ("a flood of pixels", flood(30_000, 30_000)),
        ("too many pixels", flood(10_000, 5_001)),
        ("half a PNG", {
            let whole = png(RgbImage::new(300, 300));
            whole[..whole.len() / 2].to_vec()
        }),
        ("a head alone", b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec()),
    ];
    for (what, bytes) in refused {
        let answer = bring(&shop, &staff, bytes).await;
        assert_eq!((answer.status, answer.wrong_fields()), (422, vec!["file".to_owned()]), "{what}");
    }

    // Whatever hangs on a picture does not come along.
    let mut archive = photo(60, 40);
    archive.extend_from_slice(b"PK\x03\x04 <script>alert(1)</script>");
    let mut moving = Vec::new();
    let frames = (0..50_u8).map(|n| Frame::new(RgbaImage::from_pixel(20, 20, Rgba([n, 0, 0, 255]))));
    GifEncoder::new(&mut moving).encode_frames(frames).expect("a picture is encoded");
    moving.extend_from_slice(b"/*<script>alert(1)</script>*/");
    for bytes in [archive, moving] {
        let kept = bring(&shop, &staff, bytes).await.ok(201);
        let (bytes, kind, _) = fetch(&shop, text(&kept["src"])).await;
        assert!(kind == "image/jpeg" && !bytes.windows(7).any(|seven| seven == b"<script"));
    }
    let anyone = shop.api().send_bytes("POST", "/api/admin/media", "image/jpeg", photo(10, 10)).await;
    assert_eq!(anyone.status, 401);
}

/// A PNG that says it is so large and has next to nothing in it.
fn flood(width: u32, height: u32) -> Vec<u8> {
    let mut small = png(RgbImage::new(1, 1));
    small.splice(16..24, [width.to_be_bytes(), height.to_be_bytes()].concat());
    let checked = crc(&small[12..29]);
    small.splice(29..33, checked.to_be_bytes());
    small
}

/// The check sum of a PNG's chunk.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}
