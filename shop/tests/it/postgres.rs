//! A PostgreSQL of the tests' own: made in a temporary folder from the installed programs, one for a test run, one
//! database for a test, gone when the run ends. Without the programs the tests fail.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

use chrono::{DateTime, Utc};
use oxcart::store::{Db, migrate};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::guard::{Guarded, on_path};

/// Ways to sort as people do, the best first: `initdb` refuses what a machine does not have. Sorting by code point is no
/// way out, for then the tests would not see what a real server does.
const LOCALES: &[&[&str]] =
    &[&["--locale=en_US.UTF-8"], &["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]];

/// Nothing here outlives the run, so nothing has to survive a power loss.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "full_page_writes=off",
    // A thousand databases are made in a run: their log is thrown away as soon as it may be.
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=64MB",
    "min_wal_size=32MB",
    "autovacuum=off",
    "max_connections=500",
    "shared_buffers=64MB",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
];

/// The URL of an empty database of one's own.
pub async fn empty_database() -> String {
    create_database("template0").await
}

/// The URL of a database of one's own with the schema in place.
pub async fn database() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(|| async {
        let url = empty_database().await;
        let db = Db::open_postgres(&url).await.expect("the database was just made");
        migrate::run(&db, DateTime::<Utc>::UNIX_EPOCH).await.expect("migrations apply to an empty database");
        // A database that somebody is connected to can't be copied.
        db.close().await;
        name_of(&url).to_owned()
    });
    create_database(template.await).await
}

async fn create_database(template: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(1);
    let name = format!("oxcart_{}", MADE.fetch_add(1, Ordering::Relaxed));
    let server = server_url();
    let db = Db::open_postgres(&format!("{server}/postgres")).await.expect("the cluster answers");
    let mut conn = db.read().await.expect("the cluster answers");
    conn.script(format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a superuser may make databases");
    drop(conn);
    db.close().await;
    format!("{server}/{name}")
}

/// Throws a database away, if the cluster has a moment for it: in the end it goes with the cluster.
pub async fn drop_database(url: &str) {
    let Ok(db) = Db::open_postgres(&format!("{}/postgres", server_url())).await else { return };
    let mut conn = db.read().await.expect("the cluster answers");
    conn.script(format!("DROP DATABASE {} WITH (FORCE)", name_of(url))).await.expect("a superuser may drop databases");
    drop(conn);
    db.close().await;
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().expect("a URL of ours ends with the name")
}

/// The URL of the cluster, which is started by whoever asks first.
fn server_url() -> &'static str {
    static CLUSTER: OnceLock<(Guarded, String)> = OnceLock::new();
    let (_, url) = CLUSTER.get_or_init(|| {
        // The guard removes it, also when this process can't.
        let folder = folder().keep();
        init_cluster(&programs(), &folder.join("data"), unprivileged_user());
        let port = free_port();
        (start_cluster(&folder, &folder.join("data"), port), url_at(port))
    });
    url
}

fn url_at(port: u16) -> String {
    format!("postgres://oxcart@127.0.0.1:{port}")
}

/// A folder that the user of the cluster may write.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("oxcart-postgres-").tempdir().expect("a temporary folder");
    own(folder.path());
    folder
}

fn own(folder: &Path) {
    if let Some((uid, gid)) = unprivileged_user() {
        chown(folder, Some(uid), Some(gid)).expect("root may give files away");
    }
}

/// A cluster of one's own, to be stopped, frozen and killed.
pub struct Cluster {
    folder: TempDir,
    port: u16,
    server: Option<Guarded>,
    starts: usize,
}

impl Cluster {
    /// A new one, running.
    pub fn start() -> Self {
        let folder = folder();
        init_cluster(&programs(), &folder.path().join("data"), unprivileged_user());
        let mut cluster = Cluster { folder, port: free_port(), server: None, starts: 0 };
        cluster.start_again();
        cluster
    }

    /// The URL of its one database.
    pub fn url(&self) -> String {
        format!("{}/postgres", url_at(self.port))
    }

    /// Starts it where it was.
    pub fn start_again(&mut self) {
        self.starts += 1;
        let folder = self.folder.path().join(format!("start-{}", self.starts));
        fs::create_dir(&folder).expect("the folder can be written");
        own(&folder);
        self.server = Some(start_cluster(&folder, &self.folder.path().join("data"), self.port));
    }

    /// Stops it as an administrator does: whoever is connected is sent away.
    pub fn stop(&mut self) {
        signal("INT", &self.processes()[..1]);
        while self.pid_file().exists() {
            sleep(Duration::from_millis(5));
        }
        drop(self.server.take());
    }

    /// Kills every process of it at once.
    pub fn kill(&mut self) {
        signal("KILL", &self.processes());
        drop(self.server.take());
    }

    /// Stops every process of it in its tracks, until this is dropped.
    pub fn freeze(&self) -> Frozen {
        // First the one who starts the others: who is started while they are looked for would go on.
        signal("STOP", &[self.server()]);
        let processes = self.processes();
        signal("STOP", &processes);
        Frozen(processes)
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.path().join("data/postmaster.pid")
    }

    fn server(&self) -> String {
        let file = fs::read_to_string(self.pid_file()).expect("it runs");
        file.lines().next().expect("its number is in the first line").to_owned()
    }

    /// The server and all it has started: each of those is in a group of its own.
    fn processes(&self) -> Vec<String> {
        let server = self.server();
        let entries = fs::read_dir("/proc").expect("a Linux").flatten();
        let ids = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let is_child = |id: &String| {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            // The name before it may hold anything but this.
            let parent = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1));
            parent == Some(server.as_str())
        };
        let children: Vec<String> = ids.filter(is_child).collect();
        [server].into_iter().chain(children).collect()
    }
}

/// Processes that stand still.
pub struct Frozen(Vec<String>);

impl Drop for Frozen {
    fn drop(&mut self) {
        signal("CONT", &self.0);
    }
}

/// Sends a signal to processes of ours.
fn signal(name: &str, processes: &[String]) {
    // One that has ended meanwhile is not missed.
    let _ = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", processes.join(" "))).output();
}

fn init_cluster(programs: &Path, data: &Path, user: Option<(u32, u32)>) {
    let mut refusals = String::new();
    for locale in LOCALES {
        match init_with(programs, data, locale, user) {
            Ok(()) => return,
            Err(refusal) => refusals.push_str(&refusal),
        }
    }
    panic!("initdb failed:\n{refusals}");
}

fn init_with(programs: &Path, data: &Path, locale: &[&str], user: Option<(u32, u32)>) -> Result<(), String> {
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.arg("-D").arg(data).args(["-U", "oxcart", "-A", "trust", "-E", "UTF8", "--no-sync"]).args(locale);
    initdb.current_dir("/");
    if let Some((uid, gid)) = user {
        initdb.uid(uid).gid(gid);
    }
    let output = initdb.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Starts a cluster under a guard that keeps its log in `folder`, and removes that at the end.
fn start_cluster(folder: &Path, data: &Path, port: u16) -> Guarded {
    let (postgres, data, port) = (programs().join("postgres"), data.display().to_string(), port.to_string());
    let mut command = vec![postgres.to_str().expect("its folder has a plain name"), "-D", &data, "-p", &port];
    command.extend(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    let cluster = Guarded::start(&command, folder, unprivileged_user());
    cluster.wait_for(|line| line.contains("ready to accept connections").then_some(()));
    cluster
}

/// The folder of `initdb` and `postgres`: Debian keeps one for each version, others have them on the path.
fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = debian.filter(|path| path.join("bin/initdb").is_file()).max_by_key(version);
    newest
        .map(|path| path.join("bin"))
        .or_else(|| Some(on_path("initdb")?.parent()?.to_owned()))
        .expect("PostgreSQL is not installed: `apt-get install postgresql`, or put initdb and postgres on the PATH")
}

/// PostgreSQL refuses to run as root; then it runs as somebody who may do nothing else.
fn unprivileged_user() -> Option<(u32, u32)> {
    let id = |args: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(args).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let user = |name| Some((id(&["-u", name])?, id(&["-g", name])?));
    Some(user("postgres").or_else(|| user("nobody")).expect("a system has the user nobody"))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

mod tests {
    use super::*;

    #[tokio::test]
    async fn each_test_has_a_database_of_its_own() {
        let (first, second) = tokio::join!(database(), database());
        assert_ne!(first, second);
        let db = Db::open_postgres(&first).await.expect("it was just made");
        let applied = migrate::run(&db, DateTime::<Utc>::UNIX_EPOCH).await.expect("the schema is there");
        assert_eq!(applied, Vec::<String>::new());
    }
}
