//! A picture's smaller widths, made once. What is there is not made again, so that the job may stop anywhere.

use std::sync::Arc;

use image::DynamicImage;
use serde_json::json;

use crate::app::App;
use crate::error::{Error, Result};
use crate::pictures;
use crate::store::events::{self, Event};
use crate::store::media;

/// Makes the widths of a kept picture, and tells the products that show it.
pub async fn make_widths(app: &App, name: &str) -> Result<()> {
    let Some(path) = app.files.path(name).filter(|path| path.is_file()) else {
        tracing::warn!(picture = name, "a picture is gone before its widths were made");
        return Ok(());
    };
    let read = move || -> Result<DynamicImage> {
        let bytes = std::fs::read(path).map_err(|error| Error::Internal(error.to_string()))?;
        pictures::read(&bytes).map_err(|refusal| Error::Internal(refusal.to_string()))
    };
    let picture = Arc::new(alone(app, read).await?);
    for width in pictures::widths(picture.width()) {
        let (files, name, picture) = (app.files.clone(), name.to_owned(), picture.clone());
        let draw = move || -> Result<()> {
            if files.has_width(&name, width) {
                return Ok(());
            }
            let drawn = pictures::draw(&picture, width).map_err(|refusal| Error::Internal(refusal.to_string()))?;
            let kept = files.keep_width(&name, width, &drawn.avif, &drawn.jpeg);
            kept.map_err(|error| Error::Internal(format!("a width could not be kept: {error}")))
        };
        alone(app, draw).await?;
    }
    tell(app, name).await
}

/// Does a piece of work that keeps a core busy, while no other such work runs.
async fn alone<T: Send + 'static>(app: &App, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = app.picture_work.acquire().await.map_err(|_| Error::Internal("the shop closes".into()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))?
}

async fn tell(app: &App, name: &str) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    media::made(&mut tx, name, now).await?;
    let shown_by = media::shown_by(&mut tx, &format!("/media/{name}")).await?;
    let events = shown_by.iter().map(|product| Event {
        kind: "media.made",
        subject: "product",
        subject_id: product.product().0,
        version: product.version,
        data: json!({ "picture": name }),
        actor: "system",
        at: now,
    });
    events::append_all(&mut tx, events.collect()).await?;
    Ok(tx.commit().await?)
}
