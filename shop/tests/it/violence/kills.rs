//! It is killed in the middle of selling, again and again.

use crate::app::{Engine, both_engines, rounds};
use crate::program::{Program, catalog};
use crate::rush::Rush;
use crate::violence::keeps_its_word;

both_engines!(what_was_acknowledged_outlives_a_kill);

/// Buyers at once.
const BUYERS: usize = 8;
/// Seconds that pass between two kills: what one interrupted is finished while the next ones come.
const PAUSE: usize = 40;

async fn what_was_acknowledged_outlives_a_kill(engine: Engine) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut program = Program::new(engine, folder.path()).await;
    program.run(&["import", &catalog(folder.path())]);
    let mut acknowledged = vec![];
    for kill in 1..=rounds(20, 200) {
        program = program.with("OXCART_TEST_CLOCK", kill * PAUSE);
        let running = program.serve().await;
        let rush = Rush::on(&program, BUYERS);
        // Early, late, and in between: carts, checkouts, payments and jobs are hit.
        rush.sells(&program, kill * 7 % 20).await;
        drop(running);
        acknowledged.extend(rush.over().await);
        if kill % 5 == 0 {
            program.run(&["verify"]);
        }
    }
    let running = program.serve().await;
    keeps_its_word(&program, &acknowledged).await;
    drop(running);
    program.run(&["verify"]);
}
