//! Charts that templates/ui/chart.html draws: x in per cent, y in pixels, so that they stretch and their text does not.

/// Bars drawn by the server. Percentages are written with two digits, so that the page is the same everywhere.
pub struct BarChart {
    pub sentence: String,
    pub height: i64,
    pub base: i64,
    pub grid: Vec<String>,
    pub bars: Vec<Bar>,
    pub heads: (&'static str, &'static str),
    pub rows: Vec<(String, i64)>,
}

pub struct Bar {
    pub fill: &'static str,
    pub x: String,
    pub width: String,
    pub y: i64,
    pub height: i64,
    pub middle: String,
    pub value: String,
    pub label: String,
    pub label_x: String,
    pub anchor: &'static str,
}

/// What a bar stands for: a label on the axis (may be empty), a number, a fill, and whether the number is written.
pub struct Datum {
    pub label: String,
    pub number: i64,
    pub fill: &'static str,
    pub told: bool,
}

impl BarChart {
    const BASE: i64 = 228;
    const TOP: i64 = 28;

    pub fn new(
        sentence: String,
        heads: (&'static str, &'static str),
        rows: Vec<(String, i64)>,
        data: &[Datum],
    ) -> Self {
        let most = data.iter().map(|d| d.number).max().unwrap_or(0).max(1);
        let slot = 100.0 / data.len().max(1) as f64;
        let last = data.len().saturating_sub(1);
        let bar = |(i, d): (usize, &Datum)| {
            let height = (d.number * (Self::BASE - Self::TOP) / most).max(i64::from(d.number > 0));
            let middle = slot * (i as f64 + 0.5);
            let (label_x, anchor) = match i {
                _ if data.len() < 12 => (middle, "middle"),
                0 => (0.0, "start"),
                i if i == last => (100.0, "end"),
                _ => (middle, "middle"),
            };
            Bar {
                fill: d.fill,
                x: format!("{:.2}", slot * (i as f64 + 0.14)),
                width: format!("{:.2}", slot * 0.72),
                y: Self::BASE - height,
                height,
                middle: format!("{middle:.2}"),
                value: if d.told { d.number.to_string() } else { String::new() },
                label: d.label.clone(),
                label_x: format!("{label_x:.2}"),
                anchor,
            }
        };
        Self {
            sentence,
            height: Self::BASE + 24,
            base: Self::BASE,
            grid: vec![format!("{}.5", Self::TOP), format!("{}.5", i64::midpoint(Self::TOP, Self::BASE))],
            bars: data.iter().enumerate().map(bar).collect(),
            heads,
            rows,
        }
    }
}

/// A part of a thin stacked bar. `fill`: ok, wait, warn, bad, off.
#[derive(Clone)]
pub struct Share {
    pub fill: &'static str,
    pub x: String,
    pub width: String,
}

impl Share {
    /// The parts of a whole that is `scale` wide; no parts draws the thin grey line of "none".
    pub fn parts(counts: &[(&'static str, i64)], scale: i64) -> Vec<Self> {
        let mut x = 0.0;
        let mut parts = Vec::new();
        for &(fill, n) in counts.iter().filter(|(_, n)| *n > 0) {
            let width = (n as f64 * 100.0 / scale.max(1) as f64).max(1.5);
            parts.push(Self { fill, x: format!("{x:.2}"), width: format!("{:.2}", width - 0.7) });
            x += width;
        }
        if parts.is_empty() {
            parts.push(Self { fill: "off", x: "0".into(), width: "100".into() });
        }
        parts
    }

    pub fn y(&self) -> i64 {
        if self.fill == "off" { 3 } else { 0 }
    }

    pub fn height(&self) -> i64 {
        if self.fill == "off" { 2 } else { 8 }
    }
}
