//! A tree of conditions as a list of them in the order they are looked at, each with the place to
//! go on at.

use super::Node;

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Step(usize),
    Match,
    Mismatch,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    /// The condition's node.
    condition: usize,
    met: Target,
    unmet: Target,
}

/// The steps of a tree.
#[derive(Clone, Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
}

impl Program {
    pub(super) fn new(nodes: &[Node], root: usize) -> Self {
        let sizes = conditions_in(nodes);
        let size = |node: usize| sizes.get(node).copied().unwrap_or(0);
        let mut steps = Vec::with_capacity(size(root));
        // Nodes to lay out, in order from the end: where each goes on when it is met or not. The
        // left side of a pair leads to the step behind itself.
        let mut pending = vec![(root, Target::Match, Target::Mismatch)];
        while let Some((index, met, unmet)) = pending.pop() {
            match nodes.get(index) {
                Some(Node::Condition(_)) => steps.push(Step {
                    condition: index,
                    met,
                    unmet,
                }),
                Some(Node::Not(inner)) => pending.push((*inner, unmet, met)),
                Some(Node::And(left, right)) => {
                    let second = Target::Step(steps.len() + size(*left));
                    pending.push((*right, met, unmet));
                    pending.push((*left, second, unmet));
                }
                Some(Node::Or(left, right)) => {
                    let second = Target::Step(steps.len() + size(*left));
                    pending.push((*right, met, unmet));
                    pending.push((*left, met, second));
                }
                None => {}
            }
        }
        Self { steps }
    }

    /// Goes through the steps; `is_met` judges the condition at a node.
    #[inline]
    pub(super) fn run(&self, is_met: impl Fn(usize) -> bool) -> bool {
        let mut at = 0;
        while let Some(step) = self.steps.get(at) {
            let target = if is_met(step.condition) {
                step.met
            } else {
                step.unmet
            };
            match target {
                Target::Step(next) => at = next,
                Target::Match => return true,
                Target::Mismatch => return false,
            }
        }
        false
    }
}

/// How many conditions each node holds.
fn conditions_in(nodes: &[Node]) -> Vec<usize> {
    let mut sizes: Vec<usize> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let size = |index: &usize| sizes.get(*index).copied().unwrap_or(0);
        let here = match node {
            Node::Condition(_) => 1,
            Node::Not(inner) => size(inner),
            Node::And(left, right) | Node::Or(left, right) => size(left) + size(right),
        };
        sizes.push(here);
    }
    sizes
}
