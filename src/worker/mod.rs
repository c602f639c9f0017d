//! Work away from the frame: named threads, bounded channels, newest-wins tickets, cancel.
//!
//! A [`Desk`] has slots. What is asked for in a slot replaces what was asked there before: work that
//! waits is dropped, work that runs is told to stop, and an answer that comes all the same is never
//! handed out. It knows neither egui nor what the work is; it gets closures, and `wake` is called
//! when there is something to fetch.
//!
//! **Limits**: `ANSWERS_MAX` answers wait to be fetched; a worker with one more waits in turn.
//! Progress is lossy: where there is no room it is dropped, since newer progress follows.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::model::Cancel;

/// Answers that wait to be fetched.
const ANSWERS_MAX: usize = 64;

type Ticket = u64;
type Work<S, A> = Box<dyn FnOnce(&Task<S, A>) -> A + Send>;

/// Takes questions, hands out answers.
pub struct Desk<S, A> {
    shared: Arc<Shared<S, A>>,
    answers: Option<Receiver<Delivery<S, A>>>,
    threads: Vec<JoinHandle<()>>,
    newest: BTreeMap<S, Ticket>,
    next_ticket: Ticket,
}

/// What running work knows of its place.
pub struct Task<S, A> {
    slot: S,
    ticket: Ticket,
    cancel: Cancel,
    outbox: SyncSender<Delivery<S, A>>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

/// What comes out of a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer<A> {
    /// More is to come.
    Progress(A),
    Done(A),
    /// The work panicked: a mistake of ours. Its thread lives on.
    Broken,
}

struct Delivery<S, A> {
    slot: S,
    ticket: Ticket,
    answer: Answer<A>,
}

struct Shared<S, A> {
    queue: Mutex<Queue<S, A>>,
    more: Condvar,
}

struct Queue<S, A> {
    waiting: Vec<(Task<S, A>, Work<S, A>)>,
    running: Vec<(S, Ticket, Cancel)>,
    closed: bool,
    /// Cloned into each task; dropped on close, so that nobody waits for an outbox that nobody reads.
    outbox: Option<SyncSender<Delivery<S, A>>>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl<S: Copy + Ord + Send + 'static, A: Send + 'static> Desk<S, A> {
    /// `n_threads` workers whose names begin with `name`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(
        name: &str,
        n_threads: usize,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let (outbox, answers) = sync_channel(ANSWERS_MAX);
        let queue = Queue {
            waiting: Vec::new(),
            running: Vec::new(),
            closed: false,
            outbox: Some(outbox),
            wake: Arc::new(wake),
        };
        let shared = Arc::new(Shared { queue: Mutex::new(queue), more: Condvar::new() });
        let threads = (0..n_threads).map(|number| {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name(format!("{name}-{number}")).spawn(move || shared.work())
        });
        let threads = threads.collect::<std::io::Result<_>>()?;
        Ok(Self { shared, answers: Some(answers), threads, newest: BTreeMap::new(), next_ticket: 0 })
    }

    /// Asks for something in a slot, in place of what was asked there before.
    pub fn ask(&mut self, slot: S, work: impl FnOnce(&Task<S, A>) -> A + Send + 'static) {
        self.next_ticket += 1;
        let ticket = self.next_ticket;
        self.newest.insert(slot, ticket);
        let mut queue = self.shared.lock();
        queue.drop_slot(slot);
        let Some(outbox) = queue.outbox.clone() else { return };
        let task = Task { slot, ticket, cancel: Cancel::new(), outbox, wake: Arc::clone(&queue.wake) };
        queue.waiting.push((task, Box::new(work)));
        self.shared.more.notify_one();
    }

    /// Tells the work of a slot to stop. It still answers, unless it has not begun.
    pub fn stop(&mut self, slot: S) {
        let mut queue = self.shared.lock();
        queue.drop_slot(slot);
    }

    /// The same, and what it still answers is stale.
    pub fn forget(&mut self, slot: S) {
        self.newest.remove(&slot);
        self.stop(slot);
    }

    /// Whether something of the slot waits or runs.
    pub fn is_busy(&self, slot: S) -> bool {
        let queue = self.shared.lock();
        queue.waiting.iter().any(|(task, _)| task.slot == slot)
            || queue.running.iter().any(|(it, _, _)| *it == slot)
    }

    /// The next answer that is not stale, if there is one now.
    pub fn fetch(&mut self) -> Option<(S, Answer<A>)> {
        loop {
            let delivery = self.answers.as_ref()?.try_recv().ok()?;
            if self.newest.get(&delivery.slot) == Some(&delivery.ticket) {
                return Some((delivery.slot, delivery.answer));
            }
        }
    }
}

impl<S, A> Task<S, A> {
    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Hands out progress, if there is room for it.
    pub fn progress(&self, progress: A)
    where
        S: Copy,
    {
        let delivery = Delivery { slot: self.slot, ticket: self.ticket, answer: Answer::Progress(progress) };
        if self.outbox.try_send(delivery).is_ok() {
            (self.wake)();
        }
    }
}

impl<S: Copy + Ord, A> Shared<S, A> {
    /// A worker that panicked held no invariant of the queue open, so a poisoned lock is as good.
    fn lock(&self) -> MutexGuard<'_, Queue<S, A>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some((task, work)) = self.next() {
            let answer = catch_unwind(AssertUnwindSafe(|| work(&task))).map_or(Answer::Broken, Answer::Done);
            self.lock().running.retain(|(_, ticket, _)| *ticket != task.ticket);
            let Task { slot, ticket, cancel: _, outbox, wake } = task;
            // The desk is gone: nobody is left to tell.
            outbox.send(Delivery { slot, ticket, answer }).ok();
            drop(outbox);
            wake();
        }
    }

    /// Waits for work; `None` when the desk closes.
    fn next(&self) -> Option<(Task<S, A>, Work<S, A>)> {
        let mut queue = self.lock();
        loop {
            if queue.closed {
                return None;
            }
            if !queue.waiting.is_empty() {
                let (task, work) = queue.waiting.remove(0);
                queue.running.push((task.slot, task.ticket, task.cancel.clone()));
                return Some((task, work));
            }
            queue = self.more.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<S: Copy + Ord, A> Queue<S, A> {
    fn drop_slot(&mut self, slot: S) {
        self.waiting.retain(|(task, _)| task.slot != slot);
        for (_, _, cancel) in self.running.iter().filter(|(it, _, _)| *it == slot) {
            cancel.cancel();
        }
    }
}

/// Cancels everything, then lets go of the answers, then joins: in another order a worker that waits
/// for room among the answers would be waited for.
impl<S, A> Drop for Desk<S, A> {
    fn drop(&mut self) {
        {
            let mut queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
            queue.closed = true;
            queue.outbox = None;
            queue.waiting.clear();
            for (_, _, cancel) in &queue.running {
                cancel.cancel();
            }
        }
        self.answers = None;
        self.shared.more.notify_all();
        for thread in &self.threads {
            // Work that waits for a while hears of it at once.
            thread.thread().unpark();
        }
        for thread in self.threads.drain(..) {
            // It was caught panicking already.
            thread.join().ok();
        }
    }
}

#[cfg(test)]
mod tests;
