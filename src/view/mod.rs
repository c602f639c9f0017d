//! Answers → what is drawn or printed. No `egui::Ui`, no I/O.
