//! The lists in memory follow those in the database.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::Recommended;
use crate::app::{App, Shop};
use crate::catalog::refresh;
use crate::error::{Error, Result};
use crate::store::recommendations;

/// How long after a reading that failed it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Reads the lists beside the open doors, and anew whenever an event rings, for as long as the shop is open.
pub async fn follow(app: Shop) {
    loop {
        while let Err(error) = take_over(&app).await {
            tracing::warn!(%error, "the recommendations could not be read");
            sleep(AGAIN).await;
        }
        app.recommender.bell.notified().await;
    }
}

/// Swaps in the lists as they are in the database; pages that show them are drawn anew.
pub async fn take_over(app: &App) -> Result<()> {
    let lists = recommendations::all(&mut app.db.read().await?).await?;
    let packed = spawn_blocking(move || Recommended::new(lists)).await;
    let packed = packed.map_err(|error| Error::Internal(error.to_string()))?;
    app.recommender.lists.store(Arc::new(packed));
    refresh::recommended(app).await;
    Ok(())
}
