//! The form for a log of another shape: what a person has said so far, and the mapping it makes.

use super::App;
use crate::import::{Factor, Mapping, ONE_USER, Options, OtherShape, SavedMapping, Source};
use crate::view::{MappingEdit, MappingField, MappingForm, MappingReading, SourceKind, TheirColumn};

/// A file of another shape, and how it is to be read.
#[derive(Clone)]
pub(super) struct Mapped {
    shape: OtherShape,
    /// In the order of [`FIELDS`].
    fields: [Field; N_FIELDS],
    is_guess: bool,
    /// The saved mapping that it was filled with. What it says of values holds on.
    saved: Option<SavedMapping>,
    /// It was changed since.
    is_changed: bool,
}

/// What is said of a column of ours. A column or a text stays where the kind changes.
#[derive(Clone)]
struct Field {
    kind: SourceKind,
    columns: Vec<String>,
    text: String,
}

const N_FIELDS: usize = 8;

/// The columns of `usage_logs`, and what each may be.
const FIELDS: [(&str, &[SourceKind]); N_FIELDS] = {
    use SourceKind::{Column, Constant, Nothing, Product, Unmapped, UuidV5};
    [
        ("id", &[Column, UuidV5]),
        ("user_id", &[Column, UuidV5, Constant]),
        ("action", &[Column, Constant]),
        ("credits_consumed", &[Column, Product, Constant]),
        ("metadata", &[Unmapped, Column, Constant, Nothing]),
        ("created_at", &[Column, Constant]),
        ("format", &[Column, Constant, Nothing]),
        ("quality", &[Column, Constant, Nothing]),
    ]
};

impl App {
    /// Changes what is said of a log of another shape, and looks again where that makes another mapping.
    pub(super) fn map_check(&mut self, dump: usize, edit: &MappingEdit) {
        let Some(dump) = self.checking.as_mut().and_then(|it| it.dump_mut(dump)) else { return };
        let options = dump.options();
        let Some(mapped) = &mut dump.mapped else { return };
        match edit {
            MappingEdit::Kind(place, kind) => mapped.change(*place, |it| it.become_of(*kind)),
            MappingEdit::Column(place, name) => mapped.change(*place, |it| it.choose(name)),
            MappingEdit::Text(place, text) => mapped.change(*place, |it| it.text.clone_from(text)),
            MappingEdit::Accept => mapped.is_guess = false,
            MappingEdit::Use(name) => {
                let columns = mapped.shape.columns.clone();
                let wanted = |it: &&SavedMapping| Some(&it.name) == name.as_ref() && it.is_for(&columns);
                mapped.fill(self.settings.mappings.iter().find(wanted));
            }
            MappingEdit::Save(name) => {
                let Some(saved) = mapped.saved_as(name, &options) else { return };
                mapped.fill(Some(&saved));
                self.settings.remember_mapping(saved);
            }
            MappingEdit::Forget(name) => {
                self.settings.forget_mapping(name, &mapped.shape.columns);
                mapped.is_changed = true;
            }
        }
        let mapping = mapped.mapping().ok();
        let is_other = mapping.is_some() && mapping != dump.mapping;
        if is_other {
            dump.mapping = mapping;
        }
        self.show_checked();
        if is_other {
            self.check_once_more();
        }
    }
}

impl Mapped {
    /// Begins with the mapping that was saved last for files with these columns, or with a guess.
    pub(super) fn new(shape: OtherShape, saved: &[SavedMapping]) -> Self {
        let saved = saved.iter().find(|it| it.is_for(&shape.columns)).cloned();
        let mapping = saved.as_ref().map(|it| &it.mapping).or(shape.suggestion.as_ref());
        let fields = mapping.map_or_else(|| unknown(&shape.columns), fields);
        Self { fields, is_guess: saved.is_none(), saved, is_changed: false, shape }
    }

    /// Begins anew, with a saved mapping or with the guess.
    fn fill(&mut self, saved: Option<&SavedMapping>) {
        *self = Self::new(self.shape.clone(), saved.map_or(&[], std::slice::from_ref));
    }

    /// The mapping, or what is missing.
    pub(super) fn mapping(&self) -> Result<Mapping, String> {
        let [id, user_id, action, credits, metadata, created_at, format, quality] = &self.fields;
        let saved = self.saved.as_ref().map(|it| &it.mapping);
        let mapping = Mapping {
            id: id.needed("id")?,
            user_id: user_id.needed("user_id")?,
            action: action.needed("action")?,
            credits_consumed: credits.needed("credits_consumed")?,
            metadata: metadata.source("metadata")?,
            created_at: created_at.needed("created_at")?,
            format: format.source("format")?,
            quality: quality.source("quality")?,
            assume_zone: saved.and_then(|it| it.assume_zone.clone()),
            date_order: saved.and_then(|it| it.date_order),
            decimal: saved.and_then(|it| it.decimal),
        };
        mapping.check().map(|()| mapping)
    }

    /// Whether a person has said how it is to be read, so that it can be imported.
    pub(super) fn is_said(&self) -> bool {
        !self.is_guess && self.mapping().is_ok()
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut Field)) {
        if let Some(field) = self.fields.get_mut(place) {
            change(field);
            self.is_guess = false;
            self.is_changed = true;
        }
    }

    /// For other files with these columns, together with what was answered about this one.
    fn saved_as(&self, name: &str, options: &Options) -> Option<SavedMapping> {
        let mapping = self.mapping().ok()?.with_answers(options);
        Some(SavedMapping { name: name.to_owned(), columns: self.shape.columns.clone(), mapping })
    }

    /// As it is shown. `is_read` says whether rows have been read by it.
    pub(super) fn form(&self, is_read: bool, options: &Options, saved: &[SavedMapping]) -> MappingForm {
        let mapping = self.mapping();
        let fields = FIELDS.iter().zip(&self.fields).map(|((name, kinds), field)| MappingField {
            name,
            kinds,
            kind: field.kind,
            columns: field.columns.clone(),
            text: field.text.clone(),
        });
        let values = |place: usize| self.shape.rows.iter().filter_map(move |it| it.get(place)?.as_deref());
        let columns = self.shape.columns.iter().enumerate();
        let columns = columns.map(|(place, name)| TheirColumn::new(name, values(place)));
        let saved = saved.iter().filter(|it| it.is_for(&self.shape.columns));
        MappingForm {
            reading: match (is_read, self.is_guess) {
                (false, _) => MappingReading::Unread,
                (true, true) => MappingReading::Guessed,
                (true, false) => MappingReading::Said,
            },
            columns: columns.collect(),
            fields: fields.collect(),
            saved: saved.map(|it| it.name.clone()).collect(),
            used: self.saved.as_ref().filter(|_| !self.is_changed).map(|it| it.name.clone()),
            json: mapping.as_ref().ok().map(|it| it.clone().with_answers(options).to_text()),
            fault: mapping.err(),
        }
    }
}

impl Field {
    fn new(kind: SourceKind, columns: Vec<String>, text: &str) -> Self {
        Self { kind, columns, text: text.to_owned() }
    }

    fn become_of(&mut self, kind: SourceKind) {
        self.kind = kind;
        if kind != SourceKind::UuidV5 {
            self.columns.truncate(1);
        }
    }

    /// Where there may be several columns, it is chosen or no longer.
    fn choose(&mut self, name: &str) {
        if self.kind != SourceKind::UuidV5 {
            self.columns = vec![name.to_owned()];
        } else if self.columns.iter().any(|it| it == name) {
            self.columns.retain(|it| it != name);
        } else {
            self.columns.push(name.to_owned());
        }
    }

    fn needed(&self, name: &str) -> Result<Source, String> {
        self.source(name)?.ok_or_else(|| format!("{name}: choose where it comes from"))
    }

    /// Or what is missing, by the name of the column of ours.
    fn source(&self, name: &str) -> Result<Option<Source>, String> {
        let missing = |what: &str| format!("{name}: {what}");
        let column = || self.columns.first().cloned().ok_or_else(|| missing("choose a column of the file"));
        Ok(Some(match self.kind {
            SourceKind::Nothing => return Ok(None),
            SourceKind::Column => Source::Column(column()?),
            SourceKind::Product => {
                let factor = Factor::parse(&self.text);
                let factor = factor.ok_or_else(|| missing("multiply by a number such as 0.001"))?;
                Source::Product(column()?, factor)
            }
            SourceKind::Constant if self.text.is_empty() => {
                return Err(missing("write what is always the same"));
            }
            SourceKind::Constant => Source::Constant(self.text.clone()),
            SourceKind::UuidV5 if self.columns.is_empty() => {
                return Err(missing("choose the columns to make it of"));
            }
            SourceKind::UuidV5 => Source::UuidV5(self.columns.clone()),
            SourceKind::Unmapped => Source::Unmapped,
        }))
    }
}

impl From<&Source> for Field {
    fn from(source: &Source) -> Self {
        match source {
            Source::Column(name) => Self::new(SourceKind::Column, vec![name.clone()], ""),
            Source::Product(name, factor) => {
                Self::new(SourceKind::Product, vec![name.clone()], &factor.to_string())
            }
            Source::Constant(text) => Self::new(SourceKind::Constant, Vec::new(), text),
            Source::UuidV5(names) => Self::new(SourceKind::UuidV5, names.clone(), ""),
            Source::Unmapped => Self::new(SourceKind::Unmapped, Vec::new(), ""),
        }
    }
}

fn fields(mapping: &Mapping) -> [Field; N_FIELDS] {
    let nothing = || Field::new(SourceKind::Nothing, Vec::new(), "");
    let optional = |source: &Option<Source>| source.as_ref().map_or_else(nothing, Field::from);
    [
        Field::from(&mapping.id),
        Field::from(&mapping.user_id),
        Field::from(&mapping.action),
        Field::from(&mapping.credits_consumed),
        optional(&mapping.metadata),
        Field::from(&mapping.created_at),
        optional(&mapping.format),
        optional(&mapping.quality),
    ]
}

/// What stands in the form where nothing can be guessed: no column looks like the time.
fn unknown(columns: &[String]) -> [Field; N_FIELDS] {
    [
        Field::new(SourceKind::UuidV5, columns.to_vec(), ""),
        Field::new(SourceKind::Constant, Vec::new(), ONE_USER),
        Field::new(SourceKind::Constant, Vec::new(), "usage"),
        Field::new(SourceKind::Constant, Vec::new(), "1"),
        Field::new(SourceKind::Unmapped, Vec::new(), ""),
        Field::new(SourceKind::Column, Vec::new(), ""),
        Field::new(SourceKind::Nothing, Vec::new(), ""),
        Field::new(SourceKind::Nothing, Vec::new(), ""),
    ]
}
