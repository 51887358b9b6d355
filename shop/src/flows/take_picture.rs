//! Staff bring a picture: it is read, drawn anew and kept under the name of what is in it; its smaller widths follow by a
//! job. One picture is worked on at a time, off the threads that answer requests.

use crate::app::App;
use crate::error::{Error, Result};
use crate::files::PictureError;
use crate::jobs::{self, Job};
use crate::pictures::{self, Taken};
use crate::store::media;

/// A picture that the shop keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What products name it by.
    pub src: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Takes a picture in, or says why not. The same picture is kept once.
pub async fn take_picture(app: &App, bytes: impl AsRef<[u8]> + Send + 'static) -> Result<Kept> {
    let turn = app.picture_work.acquire().await.map_err(|_| Error::Internal("the shop closes".into()))?;
    let taken = tokio::task::spawn_blocking(move || pictures::take(bytes.as_ref())).await;
    // A picture that makes the reader stumble is a damaged one.
    let taken = taken.unwrap_or(Err(pictures::Refusal::Damaged));
    drop(turn);
    let Taken { bytes, width, height } = taken.map_err(|refusal| Error::field("file", refusal.to_string()))?;
    let (files, size) = (app.files.clone(), bytes.len());
    let kept = tokio::task::spawn_blocking(move || files.keep_photo(&bytes)).await;
    let name = match kept.map_err(|error| Error::Internal(error.to_string()))? {
        Ok(name) => name,
        Err(error @ PictureError::Io(_)) => return Err(Error::Internal(error.to_string())),
        Err(error) => return Err(Error::field("file", format!("The picture {error}."))),
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if media::insert(&mut tx, &name, (width, height), size, now).await? {
        jobs::enqueue(&mut tx, &app.clock, Job::MakeWidths { name: name.clone() }, now, now).await?;
    }
    tx.commit().await?;
    app.job_bell.ring_all();
    Ok(Kept { src: format!("/media/{name}"), width, height })
}
