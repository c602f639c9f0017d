//! Named threads, bounded channels, newest-wins tickets, cancel. Knows no egui.
