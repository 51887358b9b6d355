//! The staff: accounts, signing in and out, tokens, roles, and the limits at the door.

use serde_json::{Value, json};

use commerce::staff::Role;
use oxcart::flows::staff::{self, NewStaff};

use crate::app::{Engine, Setup, TestApp, both_engines, burst};
use crate::buyer::{Answer, Api, text};
use crate::visitor::Visitor;

both_engines!(
    a_program_signs_in_renews_and_signs_out,
    a_refresh_token_used_twice_ends_the_session,
    only_one_of_many_uses_of_a_refresh_token_lives,
    trying_is_limited_by_account_and_by_network,
    a_change_of_password_or_rights_counts_at_once,
    the_last_super_admin_stays,
    what_was_wrong_tells_nothing,
    writes_of_a_browser_carry_its_token,
    who_is_not_signed_in_is_sent_there_and_back,
    accounts_are_looked_after_in_the_browser,
    a_known_browser_gets_in_while_others_try,
);

/// May do the day's work.
pub const ADMIN: Role = Role::Admin;
/// Looks after the accounts too.
pub const SUPER_ADMIN: Role = Role::SuperAdmin;
/// The password of everybody in the tests.
pub const PASSWORD: &str = "every fourth lamp";

/// A member of staff, signed in with a program.
pub struct Staff {
    /// Their id.
    pub id: String,
    /// What they sign in with.
    pub email: String,
    /// For the header `Authorization`.
    pub token: String,
    /// Good once.
    pub refresh: String,
    api: Api,
}

impl Staff {
    /// Makes an account of a role and signs in.
    pub async fn hire(shop: &TestApp, role: Role) -> Self {
        let email = format!("{}@example.com", shop.app.clock.token().split_at(12).0);
        let new = NewStaff { email: &email, name: "Ada Somebody", role, password: PASSWORD };
        let app = &shop.app;
        let id = staff::create(&app.db, &app.clock, &app.passwords, new, "system").await.expect("the account is made");
        let tokens = shop.api().post("/api/auth/login", &json!({ "email": email, "password": PASSWORD })).await.ok(200);
        let (token, refresh) = (text(&tokens["access_token"]).to_owned(), text(&tokens["refresh_token"]).to_owned());
        Self { id: id.to_string(), email, api: shop.api().with_bearer(&token), token, refresh }
    }

    /// A browser without scripts in which this member of staff is signed in.
    pub async fn browser(&self, shop: &TestApp) -> Visitor {
        let visitor = shop.visitor();
        let form = visitor.open("/admin/sign-in?next=%2Fadmin%2Faccount").await.is(200).form("/admin/sign-in");
        visitor.send(&form.set("email", &self.email).set("password", PASSWORD)).await.is(200);
        visitor
    }

    /// Reads as this member of staff.
    pub async fn get(&self, path: &str) -> Answer {
        self.api.get(path).await
    }

    /// Writes as this member of staff.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.api.post(path, body).await
    }

    /// Changes as this member of staff.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.api.patch(path, body).await
    }

    /// Puts as this member of staff.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.api.put(path, body).await
    }

    /// Deletes as this member of staff.
    pub async fn delete(&self, path: &str) -> Answer {
        self.api.delete(path).await
    }
}

async fn a_program_signs_in_renews_and_signs_out(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let account = ada.get("/api/admin/account").await.ok(200);
    assert_eq!((text(&account["email"]), text(&account["role"])), (ada.email.as_str(), "admin"));

    let next = shop.api().post("/api/auth/refresh", &json!({ "refresh_token": ada.refresh })).await.ok(200);
    assert_eq!(next["expires_in"], 900);
    ada.get("/api/admin/account").await.refused(401, "unauthenticated");
    let renewed = shop.api().with_bearer(text(&next["access_token"]));
    renewed.get("/api/admin/account").await.ok(200);
    shop.app.clock.advance(901);
    renewed.get("/api/admin/account").await.refused(401, "unauthenticated");

    let last = shop.api().post("/api/auth/refresh", &json!({ "refresh_token": next["refresh_token"] })).await.ok(200);
    let last_one = shop.api().with_bearer(text(&last["access_token"]));
    assert_eq!(last_one.post("/api/auth/logout", &json!({})).await.status, 204);
    last_one.get("/api/admin/account").await.refused(401, "unauthenticated");
    let again = shop.api().post("/api/auth/refresh", &json!({ "refresh_token": last["refresh_token"] })).await;
    again.refused(401, "invalid_credentials");
}

async fn a_refresh_token_used_twice_ends_the_session(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let renew = async |token: &str| shop.api().post("/api/auth/refresh", &json!({ "refresh_token": token })).await;
    let next = renew(&ada.refresh).await.ok(200);
    renew(&ada.refresh).await.refused(401, "invalid_credentials");
    // Whoever holds the newer pair has lost it too: one of the two was a thief.
    let holder = shop.api().with_bearer(text(&next["access_token"]));
    holder.get("/api/admin/account").await.refused(401, "unauthenticated");
    renew(text(&next["refresh_token"])).await.refused(401, "invalid_credentials");
    for nonsense in ["", ".", "a.b", &ada.token, &format!("{}.x", ada.id)] {
        renew(nonsense).await.refused(401, "invalid_credentials");
    }
}

async fn only_one_of_many_uses_of_a_refresh_token_lives(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let renewals = (0..10).map(|_| {
        let (api, token) = (shop.api(), ada.refresh.clone());
        async move { api.post("/api/auth/refresh", &json!({ "refresh_token": token })).await }
    });
    let answers = burst(renewals.collect()).await;
    let renewed: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert!(renewed.len() <= 1, "{} pairs for one refresh token", renewed.len());
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 401)));
}

async fn trying_is_limited_by_account_and_by_network(engine: Engine) {
    let shop = Setup::on(engine).setting("OXCART_RATE_LIMITS", "on").open().await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let login = async |email: &str, password: &str| {
        shop.api().post("/api/auth/login", &json!({ "email": email, "password": password })).await
    };
    for _ in 0..5 {
        login(&ada.email, "wrong wrong wrong").await.refused(401, "invalid_credentials");
    }
    let refused = login(&ada.email, PASSWORD).await;
    refused.refused(429, "rate_limited");
    let wait: i64 = refused.header("retry-after").parse().expect("seconds");
    assert!((880..=900).contains(&wait), "{wait}");
    // The network is full as well, for anybody; both are let in again when the first tries are old.
    login("somebody@example.com", PASSWORD).await.refused(429, "rate_limited");
    shop.app.clock.advance(901);
    login(&ada.email, PASSWORD).await.ok(200);
    // Getting in counts for nothing: a busy office is not locked out.
    for _ in 0..8 {
        login(&ada.email, PASSWORD).await.ok(200);
    }
}

async fn a_change_of_password_or_rights_counts_at_once(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let (boss, ada) = (Staff::hire(&shop, SUPER_ADMIN).await, Staff::hire(&shop, ADMIN).await);
    ada.get("/api/admin/staff").await.refused(403, "forbidden");
    let change = |role: &str, active: bool, version: i64| json!({ "role": role, "active": active, "version": version });
    let path = format!("/api/admin/staff/{}", ada.id);
    boss.patch(&path, &change("super_admin", true, 1)).await.ok(200);
    ada.get("/api/admin/staff").await.ok(200);
    boss.patch(&path, &change("admin", true, 1)).await.refused(409, "version_conflict");
    boss.patch(&path, &change("admin", true, 2)).await.ok(200);
    ada.get("/api/admin/staff").await.refused(403, "forbidden");

    let password = json!({ "old_password": PASSWORD, "password": "another few words" });
    assert_eq!(ada.post("/api/admin/account/password", &password).await.status, 204);
    ada.get("/api/admin/account").await.ok(200);
    let wrong = ada.post("/api/admin/account/password", &password).await;
    assert_eq!(wrong.wrong_fields(), ["old_password"]);
    let login = json!({ "email": ada.email, "password": "another few words" });
    let elsewhere = shop.api().post("/api/auth/login", &login).await.ok(200);
    boss.delete("/api/admin/account/sessions/019369d0-7c00-7000-8000-00000000dead").await.refused(404, "not_found");
    boss.patch(&path, &change("admin", false, 4)).await.ok(200);
    ada.get("/api/admin/account").await.refused(401, "unauthenticated");
    let elsewhere = shop.api().with_bearer(text(&elsewhere["access_token"]));
    elsewhere.get("/api/admin/account").await.refused(401, "unauthenticated");
    shop.api().post("/api/auth/login", &login).await.refused(401, "invalid_credentials");
}

async fn the_last_super_admin_stays(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let boss = Staff::hire(&shop, SUPER_ADMIN).await;
    let step_down = json!({ "role": "admin", "version": 1 });
    let own = format!("/api/admin/staff/{}", boss.id);
    boss.patch(&own, &step_down).await.refused(409, "not_allowed");
    boss.patch(&own, &json!({ "active": false, "version": 1 })).await.refused(409, "not_allowed");
    // Two who demote each other at the same moment: one of them stays.
    let other = Staff::hire(&shop, SUPER_ADMIN).await;
    let each = [(boss, format!("/api/admin/staff/{}", other.id)), (other, own)];
    let tasks = each.map(|(who, path)| {
        let body = step_down.clone();
        async move { who.patch(&path, &body).await.status }
    });
    let [first, second] = tasks;
    let statuses =
        burst::<u16, std::pin::Pin<Box<dyn Future<Output = u16> + Send>>>(vec![Box::pin(first), Box::pin(second)])
            .await;
    assert!(statuses.contains(&200) && !statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM staff WHERE role = 'super_admin' AND active").await, 1);
}

async fn what_was_wrong_tells_nothing(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let login = async |email: &str, password: &str| {
        let answer = shop.api().post("/api/auth/login", &json!({ "email": email, "password": password })).await;
        let mut document = answer.refused(401, "invalid_credentials");
        document["request_id"] = Value::Null;
        document
    };
    let known = login(&ada.email, "wrong wrong wrong").await;
    let longest = "x".repeat(1_000_000 - 200);
    for (email, password) in [("nobody@example.com", PASSWORD), (&ada.email, ""), (&ada.email, &longest), ("", "")] {
        assert_eq!(login(email, password).await, known);
    }
    let weak =
        |password: &str| json!({ "email": "new@example.com", "name": "New", "role": "admin", "password": password });
    let boss = Staff::hire(&shop, SUPER_ADMIN).await;
    for password in ["short", "passwordpassword", "aaaaaaaaaaaaaaaa", "new@example.com", &"x".repeat(513)] {
        assert_eq!(boss.post("/api/admin/staff", &weak(password)).await.wrong_fields(), ["password"], "{password}");
    }
    boss.post("/api/admin/staff", &weak("every fourth lamp")).await.ok(201);
    let twice = boss.post("/api/admin/staff", &weak("every fourth lamp")).await;
    assert_eq!(twice.wrong_fields(), ["email"]);
    let secrets = "SELECT password_hash AS text FROM staff UNION ALL SELECT secret_digest FROM staff_sessions";
    assert!(shop.texts(secrets).await.iter().all(|kept| !kept.contains(&ada.token) && !kept.contains(PASSWORD)));
}

async fn writes_of_a_browser_carry_its_token(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let caller = oxcart::flows::sign_in::Caller {
        email: &ada.email,
        password: PASSWORD,
        address: "127.0.0.1",
        device: None,
        agent: "a browser",
    };
    let pass = oxcart::flows::sign_in::browser(&shop.app, &caller).await.expect("let in");
    let cookie = format!("oxcart_staff={}", pass.token);
    let send = async |csrf: Option<&str>| {
        let request = shop.api().request("DELETE", "/api/admin/account/sessions").header("cookie", &cookie);
        let request = match csrf {
            Some(csrf) => request.header("x-csrf-token", csrf),
            None => request,
        };
        Answer::of(request).await
    };
    send(None).await.refused(403, "forbidden");
    send(Some("0")).await.refused(403, "forbidden");
    let sessions = Answer::of(shop.api().request("GET", "/api/admin/account/sessions").header("cookie", &cookie)).await;
    let own = sessions.ok(200).as_array().expect("a list").iter().find(|one| one["current"] == true).cloned();
    let id: uuid::Uuid = text(&own.expect("this one")["id"]).parse().expect("an id");
    let csrf = shop.app.secret.digest("csrf", &[id.as_bytes()]);
    assert_eq!(send(Some(&csrf)).await.status, 204);
    // The other session, of the program, is over; a bearer token needs no form token.
    ada.get("/api/admin/account").await.refused(401, "unauthenticated");
}

async fn who_is_not_signed_in_is_sent_there_and_back(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let visitor = shop.visitor();
    let door = visitor.open("/admin/account?from=a%26b").await.is(200);
    assert!(door.path.starts_with("/admin/sign-in?next="), "{}", door.path);
    let form = door.form("/admin/sign-in").set("email", &ada.email);
    let wrong = visitor.send(&form.clone().set("password", "wrong wrong wrong")).await.is(422).says("is not right");
    assert_eq!(wrong.form("/admin/sign-in").value("email"), Some(ada.email.as_str()));
    let inside = visitor.send(&form.set("password", PASSWORD)).await.is(200).says("Where you are signed in");
    assert_eq!(inside.path, "/admin/account?from=a%26b");
    assert_eq!(inside.header("cache-control"), "no-store");
    visitor.open("/admin/staff").await.is(403).says("may not do this");
    // Signing in again ends the session that the browser had.
    let before = shop.count("SELECT COUNT(*) AS n FROM staff_sessions WHERE kind = 'browser'").await;
    let out = visitor.send(&inside.form("/admin/sign-out")).await.is(200);
    assert_eq!(out.path, "/admin/sign-in");
    assert_eq!(shop.count("SELECT COUNT(*) AS n FROM staff_sessions WHERE kind = 'browser'").await, before - 1);
    assert!(visitor.open("/admin/account").await.path.starts_with("/admin/sign-in"));
    // The form of a page that is open from before does nothing any more.
    let late = visitor.send(&inside.form("/admin/account/password")).await;
    assert_eq!(late.path, "/admin/sign-in?next=%2Fadmin");
}

async fn accounts_are_looked_after_in_the_browser(engine: Engine) {
    let shop = TestApp::open(engine).await;
    let boss = Staff::hire(&shop, SUPER_ADMIN).await.browser(&shop).await;
    let list = boss.open("/admin/staff").await.is(200);
    let form = list.form("/admin/staff").set("name", "Jo Doe").set("email", "jo@example.com");
    let form = form.set("role", "admin").set("password", "short");
    let refused = boss.send(&form).await.is(422).says("at least 12 characters");
    let form = refused.form("/admin/staff");
    assert_eq!((form.value("name"), form.value("email")), (Some("Jo Doe"), Some("jo@example.com")));
    let page = boss.send(&form.set("password", "seven green kettles")).await.is(200).says("The account is there");
    let own = page.path.split('?').next().expect("a path").to_owned();
    // Two look after one account: the second is told.
    boss.send(&page.form(&own).set("name", "Jo A. Doe")).await.is(200).says("Saved");
    boss.send(&page.form(&own).set("name", "Jo B. Doe")).await.is(409).says("changed by somebody else");
    let login = json!({ "email": "JO@example.com", "password": "seven green kettles" });
    let jo = shop.api().post("/api/auth/login", &login).await.ok(200);
    let jo = shop.api().with_bearer(text(&jo["access_token"]));
    jo.get("/api/admin/account").await.ok(200);
    let seen = boss.open(&own).await.is(200);
    boss.send(&seen.form(&format!("{own}/sign-out"))).await.is(200).says("Nowhere at the moment");
    jo.get("/api/admin/account").await.refused(401, "unauthenticated");
    // Without the token of the page nothing is written.
    let mut forged = seen.form(&own).set("name", "Mallory");
    forged.fields.retain(|(name, _)| name != "csrf");
    boss.send(&forged).await.is(403).says("nothing was changed");
    assert_eq!(shop.texts("SELECT name AS text FROM staff WHERE email = 'jo@example.com'").await, ["Jo A. Doe"]);
}

async fn a_known_browser_gets_in_while_others_try(engine: Engine) {
    let proxied = Setup::on(engine).setting("OXCART_RATE_LIMITS", "on");
    let shop = proxied.setting("OXCART_CLIENT_IP_HEADER", "x-forwarded-for").open().await;
    let ada = Staff::hire(&shop, ADMIN).await;
    let known = ada.browser(&shop).await;
    let body = |password: &str| json!({ "email": ada.email, "password": password });
    for host in 0..5 {
        let request = shop.api().request("POST", "/api/auth/login").json(&body("wrong wrong wrong"));
        Answer::of(request.header("x-forwarded-for", format!("10.1.{host}.1")))
            .await
            .refused(401, "invalid_credentials");
    }
    let request = shop.api().request("POST", "/api/auth/login").json(&body(PASSWORD));
    Answer::of(request.header("x-forwarded-for", "10.1.9.1")).await.refused(429, "rate_limited");
    let page = known.open("/admin/account").await;
    known.send(&page.form("/admin/sign-out")).await;
    let form = known.open("/admin/sign-in?next=%2Fadmin%2Faccount").await.form("/admin/sign-in");
    known.send(&form.set("email", &ada.email).set("password", PASSWORD)).await.is(200);
    assert!(!known.open("/admin/account").await.path.starts_with("/admin/sign-in"));
}
