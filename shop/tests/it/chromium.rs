//! A real Chromium for the tests: one chromedriver for a test run on a free port, one browser for a test.

use std::sync::OnceLock;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::guard::{Guarded, on_path};

/// How a visitor looks at the shop.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Width of the window in CSS pixels.
    pub width: u32,
    /// Height of the window in CSS pixels.
    pub height: u32,
    /// Whether the visitor prefers dark pages.
    pub dark: bool,
    /// Whether scripts run.
    pub scripts: bool,
}

impl Look {
    /// A light page on a laptop.
    pub const DESK: Look = Look { width: 1440, height: 900, dark: false, scripts: true };
    /// A light page on a phone.
    pub const PHONE: Look = Look { width: 360, height: 740, dark: false, scripts: true };
}

/// Opens a browser with nothing in it: no cookies, no cache. Close it at the end of the test; the run's end closes it
/// anyway.
pub async fn browser(look: Look) -> Client {
    let chromium = installed(&["chromium", "chromium-browser", "google-chrome"]);
    let scheme = if look.dark { 0 } else { 1 };
    let arguments = [
        "--headless=new",
        // Pages come from this very process, and containers run as root without user namespaces.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-prefers-reduced-motion",
        &format!("--window-size={},{}", look.width, look.height),
        &format!("--blink-settings=preferredColorScheme={scheme},scriptEnabled={}", look.scripts),
    ];
    let metrics = json!({ "width": look.width, "height": look.height, "pixelRatio": 1.0, "touch": look.width < 768 });
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": chromium, "args": arguments, "mobileEmulation": { "deviceMetrics": metrics } },
    });
    ClientBuilder::new(HttpConnector::new())
        .capabilities(wanted.as_object().expect("written as an object").clone())
        .connect(driver_url())
        .await
        .expect("chromedriver opens a Chromium of its own version")
}

/// The URL of chromedriver, which is started by whoever asks first.
fn driver_url() -> &'static str {
    static DRIVER: OnceLock<(Guarded, String)> = OnceLock::new();
    let (_, url) = DRIVER.get_or_init(|| {
        let program = installed(&["chromedriver"]);
        let folder = tempfile::Builder::new().prefix("oxcart-chromium-").tempdir().expect("a temporary folder").keep();
        let driver = Guarded::start(&[&program, "--port=0"], &folder, None);
        let port = driver.wait_for(|line| {
            let (_, port) = line.strip_suffix('.')?.split_once("successfully on port ")?;
            port.parse::<u16>().ok()
        });
        (driver, format!("http://127.0.0.1:{port}"))
    });
    url
}

/// The first of these programs that is on the path.
fn installed(names: &[&str]) -> String {
    let found = names.iter().find_map(|name| on_path(name));
    let program =
        found.unwrap_or_else(|| panic!("no {}: `apt-get install chromium chromium-driver`", names.join(", ")));
    program.display().to_string()
}
