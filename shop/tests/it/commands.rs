//! The program as a person runs it: its commands, what they say and how they end.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Desk { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn run(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_oxcart"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("OXCART_LOG", "error")
            .envs(environment.iter().copied())
            .output()
            .expect("the program runs")
    }

    /// Runs a command that has to succeed; answers what it said.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, &[]);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("it can be written");
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        Path::new(self.folder.path()).join(name)
    }

    fn settings(&self) -> Value {
        serde_json::from_str(&self.ok(&["shop"])).expect("JSON")
    }
}

#[test]
fn the_settings_of_a_shop_are_shown_checked_and_taken() {
    let desk = Desk::new();
    let mut settings = desk.settings();
    settings["name"] = json!("Harbour");
    settings["currency"] = json!("JPY");
    settings["legal"]["terms_html"] = json!("<p>Fair.</p><script>alert(1)</script>");
    settings["shipping"]["methods"][0]["amount"] = json!({ "amount": 500, "currency": "EUR" });
    desk.write("shop.json", &settings.to_string());
    let refused = desk.run(&["shop", "--from", "shop.json"], &[]);
    assert_eq!(refused.status.code(), Some(1));
    let said = String::from_utf8_lossy(&refused.stdout).into_owned();
    assert!(said.contains("shipping.methods[0].amount has to be an amount in the shop's currency"), "{said}");
    assert_eq!(desk.settings()["name"], "My shop", "nothing was taken");

    settings["shipping"]["methods"][0]["amount"]["currency"] = json!("JPY");
    desk.write("shop.json", &settings.to_string());
    desk.ok(&["shop", "--from", "shop.json"]);
    let taken = desk.settings();
    assert_eq!((&taken["name"], &taken["currency"]), (&json!("Harbour"), &json!("JPY")));
    assert_eq!(taken["legal"]["terms_html"], "<p>Fair.</p>");
}

#[test]
fn a_currency_with_prices_in_it_stays() {
    let desk = Desk::new();
    let variant = json!({ "price": { "amount": 1450, "currency": "EUR" } });
    let mug = json!({ "kind": "product", "slug": "mug", "name": "Mug", "status": "active", "variants": [variant] });
    desk.write("catalog.jsonl", &mug.to_string());
    desk.ok(&["import", "catalog.jsonl"]);
    let mut settings = desk.settings();
    settings["currency"] = json!("USD");
    settings["shipping"]["methods"][0]["amount"]["currency"] = json!("USD");
    desk.write("shop.json", &settings.to_string());
    let refused = desk.run(&["shop", "--from", "shop.json"], &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(desk.settings()["currency"], "EUR");
    assert!(desk.ok(&["verify"]).contains("invariants hold"));
}

#[test]
fn wrong_settings_are_refused_by_name_and_secrets_are_masked() {
    let desk = Desk::new();
    for (name, value) in [
        ("OXCART_LISTEN", "here"),
        ("OXCART_TYPO", "1"),
        ("OXCART_RESERVATION_MINUTES", "0"),
        ("OXCART_SECRET", "short"),
        ("DATABASE_URL", "mysql://localhost/shop"),
        ("SMTP_URL", "localhost:25"),
        ("OXCART_BASE_URL", "shop.example"),
        ("OXCART_BASE_URL", "http://"),
        ("OXCART_BASE_URL", "https://shop.example/store"),
        ("SMTP_URL", "smtp://"),
        ("OXCART_THEME_DIR", "/no/such/folder"),
        ("STRIPE_API_BASE", "ftp://x"),
        ("OXCART_RATE_LIMITS", "perhaps"),
    ] {
        let refused = desk.run(&["migrate"], &[(name, value)]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(name), "{name}: {said}");
    }
    let secret = "a-secret-of-more-than-thirty-two-characters";
    let shown = desk.run(&["config"], &[("OXCART_SECRET", secret)]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("OXCART_SECRET") && !shown.contains(secret), "{shown}");
}
