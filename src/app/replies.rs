//! What may be said of a file that leaves something open, and how it is put into words.

use crate::import::{DateOrder, DecimalMark, Encoding, Options, Question, Reply, Subject};
use crate::model::Zone;
use crate::view;

/// Encodings that are offered for a text that is not UTF-8: those that spreadsheets write.
const ENCODINGS: [&str; 5] = ["windows-1252", "windows-1250", "windows-1251", "shift_jis", "gbk"];

/// What may be said to a question, the likeliest first; `zone` is that of the window.
pub(super) fn replies(question: &Question, zone: &Zone) -> Vec<Reply> {
    match question.about {
        Subject::Zone => {
            let mut zones: Vec<Zone> = Vec::new();
            for zone in [zone_of_machine(), Some(zone.clone()), Some(Zone::utc())].into_iter().flatten() {
                // `Etc/UTC` is what a server is set to, and no other zone.
                let is_new = zones.iter().all(|it| it.name() != zone.name());
                if is_new && !zone.name().starts_with("Etc/") {
                    zones.push(zone);
                }
            }
            zones.into_iter().map(Reply::Zone).collect()
        }
        Subject::DateOrder => [DateOrder::Dmy, DateOrder::Mdy].map(Reply::DateOrder).to_vec(),
        Subject::DecimalMark => vec![Reply::DecimalMark(DecimalMark::Comma)],
        Subject::Encoding => {
            ENCODINGS.iter().filter_map(|it| Encoding::named(it)).map(Reply::Encoding).collect()
        }
    }
}

fn zone_of_machine() -> Option<Zone> {
    Zone::named(&iana_time_zone::get_timezone().ok()?).ok()
}

pub(super) fn question_view(
    question: &Question,
    replies: &[Reply],
    options: &Options,
) -> view::CheckQuestion {
    let title = match question.about {
        Subject::Zone => "In which zone are times that name none?",
        Subject::DateOrder => "Which number is the month?",
        Subject::DecimalMark => "What does the comma in credits part?",
        Subject::Encoding => "The text is not UTF-8. How is it written?",
    };
    let choices = replies.iter().map(|reply| {
        let effects = question.examples.iter().map(|it| reply.effect(it, options));
        view::Choice { label: reply_name(reply), effects: effects.collect() }
    });
    view::CheckQuestion {
        title: title.to_owned(),
        // Of a text that cannot be read there is nothing to show as it is.
        examples: if question.about == Subject::Encoding {
            Vec::new()
        } else {
            question.examples.iter().map(|it| view::Cell::cut(Some(it))).collect()
        },
        choices: choices.collect(),
        takes_zone: question.about == Subject::Zone,
    }
}

fn reply_name(reply: &Reply) -> String {
    match reply {
        Reply::Zone(zone) => zone.name().to_owned(),
        Reply::DateOrder(DateOrder::Dmy) => "Day, month, year".to_owned(),
        Reply::DateOrder(DateOrder::Mdy) => "Month, day, year".to_owned(),
        Reply::DecimalMark(DecimalMark::Comma) => "Decimals".to_owned(),
        Reply::DecimalMark(DecimalMark::Point) => "Thousands".to_owned(),
        Reply::Encoding(encoding) => encoding.name().to_owned(),
    }
}

/// What was said, of a file that is read so.
pub(super) fn reading(reply: &Reply) -> String {
    match reply {
        Reply::Zone(zone) => format!("Times that name no zone are read as {}", zone.name()),
        Reply::DateOrder(DateOrder::Dmy) => "Dates are read as day, month, year".to_owned(),
        Reply::DateOrder(DateOrder::Mdy) => "Dates are read as month, day, year".to_owned(),
        Reply::DecimalMark(DecimalMark::Comma) => {
            "The comma in credits is read as the decimal mark".to_owned()
        }
        Reply::DecimalMark(DecimalMark::Point) => {
            "The point in credits is read as the decimal mark".to_owned()
        }
        Reply::Encoding(encoding) => format!("The text is read as {}", encoding.name()),
    }
}
