//! The chart: processor time against the number of sockets, both axes logarithmic.

use std::fmt::Write as _;

use super::loads::LOADS;
use super::table::{Figures, Row};
use crate::workspace::root;

/// The command lines drawn, and the colour of each.
const CURVES: [(&str, &str, &str); 3] = [
    ("ss", "-tanp", "#1f77b4"),
    ("netstat", "-tanp", "#d62728"),
    ("lsof", "-nP -i", "#2ca02c"),
];

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
/// Room for the labels: left, right, top, bottom.
const MARGIN: (f64, f64, f64, f64) = (60.0, 190.0, 20.0, 45.0);
/// Milliseconds at the bottom and at the top.
const RANGE: (f64, f64) = (1.0, 10_000.0);

/// One of the figures of a row.
type Pick = fn(&Row) -> Option<Figures>;

/// Writes the chart, if the rows have two sizes of each curve at least.
pub(super) fn write(rows: &[Row]) -> Result<(), String> {
    let Some(text) = draw(rows) else {
        println!("no chart: loads of several sizes are needed");
        return Ok(());
    };
    let page = root().join("docs/time.svg");
    std::fs::write(&page, text).map_err(|error| format!("{}: {error}", page.display()))
}

fn draw(rows: &[Row]) -> Option<String> {
    let mut curves = Vec::new();
    for (tool, words, colour) in CURVES {
        let mut points: Vec<(f64, &Row)> = rows
            .iter()
            .filter(|row| row.tool == tool && row.words == words)
            .filter_map(|row| Some((sockets(row.load)?, row)))
            .collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        if points.len() < 2 {
            return None;
        }
        curves.push((format!("{tool} {words}"), colour, points));
    }
    let all = curves.iter().flat_map(|(_, _, points)| points);
    let (least, most) = all.fold((f64::MAX, 0.0f64), |(least, most), (size, _)| {
        (least.min(*size), most.max(*size))
    });
    let (left, right, top, bottom) = MARGIN;
    let across =
        |size: f64| left + (size / least).ln() / (most / least).ln() * (WIDTH - left - right);
    let down = |time: f64| {
        let part = (time / RANGE.0).ln() / (RANGE.1 / RANGE.0).ln();
        HEIGHT - bottom - part * (HEIGHT - top - bottom)
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    let mut grid = |x: (f64, f64), y: (f64, f64), at: (f64, f64), anchor: &str, label: String| {
        let _ = writeln!(
            svg,
            "<path d=\"M{:.0} {:.0}L{:.0} {:.0}\" stroke=\"#ddd\"/>\n\
             <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{label}</text>",
            x.0, y.0, x.1, y.1, at.0, at.1
        );
    };
    let mut time = RANGE.0;
    while time <= RANGE.1 {
        let y = down(time);
        let label = format!("{time} ms");
        grid(
            (left, WIDTH - right),
            (y, y),
            (left - 6.0, y + 4.0),
            "end",
            label,
        );
        time *= 10.0;
    }
    let mut size = least;
    while size <= most {
        let x = across(size);
        let at = (x, HEIGHT - bottom + 18.0);
        grid(
            (x, x),
            (top, HEIGHT - bottom),
            at,
            "middle",
            format!("{size}"),
        );
        size *= 10.0;
    }
    let ways: [(&str, &str, Pick); 3] = [
        ("original", "none", |row| Some(row.theirs)),
        ("ours", "6 3", |row| Some(row.plain)),
        ("ours, kernel's walk", "2 3", |row| row.fast),
    ];
    let mut legend = top + 10.0;
    for (name, colour, points) in &curves {
        for (way, dashes, pick) in &ways {
            let line: Vec<String> = points
                .iter()
                .filter_map(|(size, row)| {
                    let time = pick(row)?.processor / 1000.0;
                    Some(format!(
                        "{:.1} {:.1}",
                        across(*size),
                        down(time.max(RANGE.0))
                    ))
                })
                .collect();
            if line.is_empty() {
                continue;
            }
            let x = WIDTH - right + 12.0;
            let _ = writeln!(
                svg,
                "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" \
                 stroke-dasharray=\"{dashes}\"/>\n\
                 <path d=\"M{x} {legend}h24\" stroke=\"{colour}\" stroke-width=\"2\" \
                 stroke-dasharray=\"{dashes}\"/>\n\
                 <text x=\"{}\" y=\"{}\">{name}: {way}</text>",
                line.join("L"),
                x + 30.0,
                legend + 4.0,
            );
            legend += 19.0;
        }
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">TCP sockets</text>\n</svg>",
        (left + WIDTH - right) / 2.0,
        HEIGHT - 6.0
    );
    Some(svg)
}

/// How many connected TCP sockets a load has, if it is one of those.
fn sockets(load: &str) -> Option<f64> {
    let load = LOADS.iter().find(|other| other.name == load)?;
    let place = load.scene.iter().position(|word| *word == "--sockets")?;
    load.scene.get(place + 1)?.parse().ok()
}
