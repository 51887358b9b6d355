//! Programs that tests start and that must not outlive them, however the test process ends.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Runs `"$@"` until its own standard input ends, then stops the whole group and removes the folder `$0`.
///
/// The test process holds the other end of that input; the system closes it when the process is gone, even by SIGKILL.
/// SIGQUIT is for PostgreSQL, which at SIGTERM waits for its clients.
const WATCH: &str = r#"
    "$@" </dev/null & program=$!
    read -r _
    trap '' TERM; kill -TERM 0
    kill -QUIT $program; wait $program
    rm -rf "$0" || { sleep 1; rm -rf "$0"; }
"#;

/// A program under guard. It is stopped when this is dropped or the test process ends.
pub struct Guarded {
    guard: Child,
    log: PathBuf,
}

impl Guarded {
    /// Starts a command in a process group of its own, as another user and group when asked. What it prints goes to the
    /// file `log` in `folder`; the folder goes when the program has stopped.
    pub fn start(command: &[&str], folder: &Path, user: Option<(u32, u32)>) -> Self {
        let log = folder.join("log");
        let output = File::create(&log).expect("the folder was just made");
        let errors = output.try_clone().expect("a file handle can be copied");
        let mut sh = Command::new("sh");
        sh.arg("-c").arg(WATCH).arg(folder).args(command).env("TMPDIR", folder).current_dir(folder).process_group(0);
        if let Some((uid, gid)) = user {
            sh.uid(uid).gid(gid);
        }
        let guard = sh.stdin(Stdio::piped()).stdout(output).stderr(errors).spawn().expect("every Unix has sh");
        Self { guard, log }
    }

    /// Waits until the program has printed a line that `wanted` makes something of.
    pub fn wait_for<T>(&self, wanted: impl Fn(&str) -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            let printed = fs::read_to_string(&self.log).unwrap_or_default();
            match printed.lines().find_map(&wanted) {
                Some(found) => return found,
                None if started.elapsed() > Duration::from_secs(30) => panic!("it did not start:\n{printed}"),
                None => sleep(Duration::from_millis(20)),
            }
        }
    }
}

/// Where a program is on the path.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|file| file.is_file())
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}
