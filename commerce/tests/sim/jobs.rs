//! Workers: they take up jobs that are due, each with a lease, and say when they are done.

use super::faults::Fault;
use super::paths::Path;
use super::processes::{By, Next, Process, Step};
use super::shop::Ended;
use super::tables::{Job, JobRow};
use super::world::{Done, World};
use chrono::{DateTime, Duration, Utc};

/// How long a worker has for a job before another may take it up.
const LEASE: i64 = 60;

impl World {
    /// A worker takes up a job that is due.
    pub fn claim_job(&mut self) -> Option<Done> {
        let now = self.shop.now;
        let due: Vec<usize> = (0..self.shop.db.jobs.len()).filter(|at| self.shop.db.jobs[*at].is_due(now)).collect();
        let at = self.dice.pick(&due)?;
        let row = self.shop.db.jobs[at];
        let (lease_until, tries, done) = (self.shop.after(LEASE), row.tries + 1, self.shop.is(Fault::DoneBeforeItIs));
        let taken = self.transact(|shop| {
            shop.write()?;
            shop.db.jobs.set(at, JobRow { lease_until, tries, done, ..row });
            Ok(())
        });
        let step = match row.job {
            Job::ExpireCheckout(checkout) => Step::Expire(checkout),
            Job::ReconcilePayment(payment) => Step::LookAt(payment),
            Job::ReconcileRefund(refund) => Step::LookAtRefund(refund),
        };
        let (_, of) = step.named();
        let Ended::Done(()) = taken else { return Some(("job", of, "lost")) };
        self.processes.push(Process { step, by: By::Worker(at, tries) });
        Some(("job", of, "is taken up"))
    }

    pub fn finish(&mut self, (at, tries): (usize, u32), again: Option<DateTime<Utc>>) -> Next {
        let ended = self.transact(|shop| {
            let row = shop.db.jobs[at];
            if row.tries != tries {
                shop.walked(Path::LeaseLost);
                return Ok(());
            }
            shop.write()?;
            let run_at = again.unwrap_or(row.run_at);
            shop.db.jobs.set(at, JobRow { run_at, lease_until: run_at, done: again.is_none(), ..row });
            Ok(())
        });
        if matches!(ended, Ended::Done(())) { Next::End(None) } else { Next::Died }
    }

    pub fn is_job_due(&self) -> bool {
        self.shop.db.jobs.iter().any(|job| job.is_due(self.shop.now))
    }

    /// When the next job can be taken up.
    pub fn next_job(&self) -> Option<DateTime<Utc>> {
        let waiting = self.shop.db.jobs.iter().filter(|job| !job.done);
        waiting
            .map(|job| job.run_at.max(job.lease_until))
            .min()
            .map(|then| then.max(self.shop.now + Duration::seconds(1)))
    }
}

impl JobRow {
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        !self.done && self.run_at <= now && self.lease_until <= now
    }
}
