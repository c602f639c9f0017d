use std::sync::Barrier;

use super::*;

/// A desk with one worker, and what hears that it wakes.
fn desk() -> (Desk<u8, u32>, Receiver<()>) {
    let (wake, woken) = sync_channel(1_000);
    let desk = Desk::new("test", 1, move || {
        wake.try_send(()).ok();
    });
    (desk.unwrap(), woken)
}

fn next(desk: &mut Desk<u8, u32>, woken: &Receiver<()>) -> (u8, Answer<u32>) {
    loop {
        if let Some(answer) = desk.fetch() {
            return answer;
        }
        woken.recv().unwrap();
    }
}

#[test]
fn the_newest_question_of_a_slot_is_the_one_that_is_answered() {
    let (mut desk, woken) = desk();
    let begun = Arc::new(Barrier::new(2));
    let begun_too = Arc::clone(&begun);
    desk.ask(1, move |task| {
        begun_too.wait();
        while !task.cancel().is_cancelled() {
            std::thread::yield_now();
        }
        1
    });
    begun.wait();
    desk.ask(1, |_| 2);
    desk.ask(1, |_| 3);
    desk.ask(2, |_| 4);
    assert_eq!(next(&mut desk, &woken), (1, Answer::Done(3)));
    assert_eq!(next(&mut desk, &woken), (2, Answer::Done(4)));
    assert_eq!(desk.fetch(), None);
}

#[test]
fn progress_comes_before_the_answer() {
    let (mut desk, woken) = desk();
    desk.ask(1, |task| {
        task.progress(1);
        2
    });
    assert_eq!(next(&mut desk, &woken), (1, Answer::Progress(1)));
    assert_eq!(next(&mut desk, &woken), (1, Answer::Done(2)));
}

#[test]
fn work_that_is_stopped_still_says_how_it_ended() {
    let (mut desk, woken) = desk();
    let begun = Arc::new(Barrier::new(2));
    let begun_too = Arc::clone(&begun);
    desk.ask(1, move |task| {
        begun_too.wait();
        while !task.cancel().is_cancelled() {
            std::thread::yield_now();
        }
        7
    });
    begun.wait();
    desk.stop(1);
    assert_eq!(next(&mut desk, &woken), (1, Answer::Done(7)));
    assert!(!desk.is_busy(1));
}

#[test]
fn a_panic_is_an_answer_and_the_next_question_is_answered() {
    let (mut desk, woken) = desk();
    desk.ask(1, |_| panic!("a mistake, made on purpose by this test"));
    assert_eq!(next(&mut desk, &woken), (1, Answer::Broken));
    desk.ask(1, |_| 5);
    assert_eq!(next(&mut desk, &woken), (1, Answer::Done(5)));
}

#[test]
fn a_desk_closes_while_its_worker_waits_for_room() {
    let (mut desk, _woken) = desk();
    for slot in 0..=u8::MAX {
        desk.ask(slot, |_| 0);
    }
    // Many more answers than there is room for, and nobody fetches one. Returning is the claim.
    drop(desk);
}
