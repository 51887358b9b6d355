//! Mail: letters are rendered by the theme and go to a mail server, or to a folder where there is none. What a letter
//! says and whom it goes to never reaches the log.

mod letter;
pub mod letters;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use tokio::fs;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

pub use letter::Letter;

use crate::config::Config;
use crate::error::{Error, Result};

/// How long the mail server has to answer: well under the time a job may take before another worker takes it up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where letters go.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// To a mail server.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// Into a folder, a file each.
    Folder(PathBuf),
}

impl Mailer {
    /// The mail server of the settings, or the folder `mail` under the data folder. Needs a running tokio.
    pub fn new(config: &Config) -> Result<Self> {
        let Some(url) = &config.smtp_url else { return Ok(Mailer::Folder(config.data_dir.join("mail"))) };
        // The reason may quote the address, and with it the password.
        let unreadable = |_| Error::Internal("SMTP_URL is not like smtps://user:password@mail.example.com".into());
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(unreadable)?;
        Ok(Mailer::Smtp(Box::new(server.timeout(Some(PATIENCE)).build())))
    }

    /// Whether this is the address of a mail server.
    pub fn understands(url: &str) -> bool {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_ok()
    }

    /// Sends a letter. One that is sent again has the same id, and in the folder the same file.
    pub async fn send(&self, letter: &Letter) -> Result<()> {
        let message = letter.message()?;
        match self {
            Mailer::Smtp(server) => {
                // lettre bounds the connecting alone: a server that then says nothing would be waited for without end.
                let sent = timeout(PATIENCE, server.send(message)).await;
                let sent = sent.map_err(|_| Error::Internal("the mail server did not answer in time".into()))?;
                sent.map_err(|error| Error::Internal(reason(&error)))?;
                tracing::info!(kind = letter.kind, id = %letter.id, "mail sent");
            }
            Mailer::Folder(folder) => {
                let file = letter.file_name();
                write_once(folder, &file, &message.formatted())
                    .await
                    .map_err(|error| Error::Internal(error.to_string()))?;
                tracing::info!(kind = letter.kind, file, "mail written");
            }
        }
        Ok(())
    }
}

/// Why a mail server did not take a letter. Its own words may name the buyer, so they are left out.
fn reason(error: &SmtpError) -> String {
    match error.status() {
        Some(code) => format!("the mail server refused a letter with {code}"),
        None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
        None => "the mail server could not be reached".to_owned(),
    }
}

/// Writes a file that only its owner can read, whole or not at all; one that is there already is left as it is.
async fn write_once(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let unfinished = folder.join(format!(".{name}.{}.part", std::process::id()));
    fs::create_dir_all(folder).await?;
    let mut file = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&unfinished).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    let linked = fs::hard_link(&unfinished, folder.join(name)).await;
    fs::remove_file(&unfinished).await?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn a_letter_is_written_once_and_for_its_owner_alone() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("mail");
        let mailer = Mailer::Folder(folder.clone());
        let letter = Letter::sample();
        mailer.send(&letter).await.expect("is written");
        let path = folder.join(letter.file_name());
        let first = std::fs::read(&path).expect("is there");
        mailer.send(&letter).await.expect("is there already");
        assert_eq!(std::fs::read(&path).expect("is there"), first);
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1);
        assert_eq!(path.metadata().expect("is there").permissions().mode() & 0o777, 0o600);
    }
}
