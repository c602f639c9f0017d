use crate::view::number;

/// The value axis of a chart: from below zero, if anything is, to above the largest.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    pub min: f64,
    pub max: f64,
    /// From the bottom up; zero is always one of them, and what is below the last is less than a half step.
    pub ticks: Vec<Tick>,
}

/// A gridline.
#[derive(Clone, PartialEq, Debug)]
pub struct Tick {
    pub value: f64,
    pub label: String,
}

/// Steps that people count in, times a power of ten.
const STEPS: [f64; 9] = [1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];

impl Axis {
    /// With about `n_lines` gridlines above (and below) zero.
    pub fn new(least: f64, most: f64, n_lines: u8) -> Self {
        let (least, most) = (least.min(0.0), most.max(0.0));
        // An empty chart has an axis too.
        let (most, n_lines) = if least < most { (most, n_lines.max(1)) } else { (1.0, 1) };
        let raw = (most - least) / f64::from(n_lines);
        let power = 10_f64.powf(raw.log10().floor());
        let fits = |it: &f64| *it >= raw * 0.999;
        let step = STEPS.iter().map(|it| it * power).find(fits).unwrap_or(10.0 * power);
        let (mut first, last) = ((least / step).floor() as i32, (most / step).ceil() as i32);
        let mut min = f64::from(first) * step;
        // What little hangs below a gridline gets as much room as it needs, not a whole step.
        let below = f64::from(first + 1) * step - least;
        if below > 0.0 && below < step / 2.0 && first + 1 < last {
            first += 1;
            min = least - 0.02 * (f64::from(last) * step - least);
        }
        let tick = |index: i32| {
            let value = f64::from(index) * step;
            Tick { value, label: number::tick(value, step) }
        };
        Self { min, max: f64::from(last) * step, ticks: (first..=last).map(tick).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(least: f64, most: f64, n_lines: u8, expected: &[&str]) {
        let axis = Axis::new(least, most, n_lines);
        assert_eq!(axis.ticks.iter().map(|it| it.label.as_str()).collect::<Vec<_>>(), expected);
        assert!(axis.min <= least && most <= axis.max);
    }

    #[test]
    fn steps_are_round_and_zero_is_among_them() {
        check(0.0, 1_046.0, 4, &["0", "300", "600", "900", "1,200"]);
        check(0.0, 5_300.0, 3, &["0", "2,000", "4,000", "6,000"]);
        check(0.0, 0.9, 4, &["0.00", "0.25", "0.50", "0.75", "1.00"]);
        check(-50.0, 70.0, 4, &["−60", "−30", "0", "30", "60", "90"]);
        check(-30.0, 70.0, 4, &["−25", "0", "25", "50", "75"]);
        check(-12.0, 1_046.0, 4, &["0", "300", "600", "900", "1,200"]);
        check(-7.0, 0.0, 3, &["−7.5", "−5.0", "−2.5", "0.0"]);
        check(0.0, 0.0, 4, &["0", "1"]);
        check(
            0.0,
            9e18,
            3,
            &["0", "3,000,000,000,000,000,000", "6,000,000,000,000,000,000", "9,000,000,000,000,000,000"],
        );
    }
}
