//! Decides how the columns share the room that a screen leaves.

/// Caps each width at the screen and widens the columns of each line that they take on the screen
/// until the line is full. Columns of width 0 stay so.
pub(super) fn spread(widths: &mut [usize], screen: usize) {
    for width in widths.iter_mut() {
        *width = (*width).min(screen);
    }
    // The columns of the line under way: from `line` on, `count` of them with a width.
    let mut line = 0;
    let mut column = 0;
    let (mut sum, mut count) = (0, 0);
    while column < widths.len() {
        if widths[column] == 0 {
            column += 1;
            continue;
        }
        sum += widths[column];
        count += 1;
        let more = widths[column + 1..].iter().any(|&width| width > 0);
        if more && sum < screen {
            column += 1;
            continue;
        }
        let mut end = column + 1;
        if sum > screen {
            sum -= widths[column];
            count -= 1;
            end = column;
        }
        if let Some(line) = widths.get_mut(line..end) {
            widen(line, count, screen - sum);
        }
        line = end;
        column = end;
        (sum, count) = (0, 0);
    }
}

/// Deals `room` out to the `count` columns of a line; what does not divide goes to the right.
fn widen(line: &mut [usize], count: usize, room: usize) {
    if count == 0 {
        return;
    }
    let used = line.iter_mut().rev().filter(|width| **width > 0);
    for (index, width) in used.enumerate() {
        *width += room / count + usize::from(index < room % count);
    }
}
