//! JSON as a tree whose leaves keep the digits and escapes they came with, and whose members keep
//! their order.

use serde_json::value::RawValue;

use super::cell;

/// One line of a tree. A branch is followed by what is in it, down to [`Self::end`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    pub depth: usize,
    /// The name of a member, or the place of an element; of the root there is none.
    pub name: String,
    /// A leaf as it was written; of a branch how much is in it: `{4}`, `[2]`.
    pub value: String,
    pub is_branch: bool,
    /// The place behind its last descendant.
    pub end: usize,
}

/// Lines of a tree at most; the clipboard has all.
const NODES_MAX: usize = 5_000;
/// Characters of a leaf that a line lays out.
const LEAF_CHARS_MAX: usize = 2_000;

/// Whether a text is one JSON value.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// The first lines of a tree, a branch before what is in it. `None` where the text is not JSON.
pub(super) fn tree(text: &str) -> Option<Vec<Node>> {
    is_json(text).then(|| Walk::default().nodes(text))
}

/// A text as a JSON string, quotes and all.
pub(super) fn string(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

impl Node {
    /// The line in words: `model_used: "sdxl"`.
    pub fn text(&self) -> String {
        if self.name.is_empty() { self.value.clone() } else { format!("{}: {}", self.name, self.value) }
    }
}

/// Where a walk along valid JSON is.
#[derive(Default)]
struct Walk {
    nodes: Vec<Node>,
    /// The branches around this place, with how many values they have so far.
    open: Vec<Branch>,
    /// The name of the value that comes next.
    name: Option<String>,
}

struct Branch {
    node: usize,
    is_object: bool,
    n_values: usize,
}

impl Walk {
    fn nodes(mut self, json: &str) -> Vec<Node> {
        let mut rest = json;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '}' | ']' => {
                    self.close();
                    1
                }
                ',' | ':' => 1,
                _ if first.is_ascii_whitespace() => 1,
                '{' | '[' => {
                    self.value(String::new(), true);
                    self.open.push(Branch {
                        node: self.nodes.len() - 1,
                        is_object: first == '{',
                        n_values: 0,
                    });
                    1
                }
                _ => {
                    let length = token_length(rest);
                    self.token(&rest[..length]);
                    length
                }
            };
            if self.nodes.len() >= NODES_MAX {
                break;
            }
            rest = &rest[length..];
        }
        while !self.open.is_empty() {
            self.close();
        }
        self.nodes
    }

    fn token(&mut self, token: &str) {
        if self.name.is_none() && self.open.last().is_some_and(|it| it.is_object) {
            let name = serde_json::from_str::<String>(token).unwrap_or_else(|_| token.to_owned());
            let name = if name.is_empty() { "(empty)".to_owned() } else { name };
            self.name = Some(cell::visible(&cell::first_chars(&name, LEAF_CHARS_MAX)));
        } else {
            self.value(cell::visible(&cell::first_chars(token, LEAF_CHARS_MAX)), false);
        }
    }

    fn value(&mut self, value: String, is_branch: bool) {
        let depth = self.open.len();
        let place = self.open.last_mut().map_or(0, |it| {
            it.n_values += 1;
            it.n_values - 1
        });
        let in_list = self.open.last().is_some_and(|it| !it.is_object);
        let name = if in_list { place.to_string() } else { self.name.take().unwrap_or_default() };
        self.nodes.push(Node { depth, name, value, is_branch, end: self.nodes.len() + 1 });
    }

    fn close(&mut self) {
        let Some(Branch { node, is_object, n_values }) = self.open.pop() else { return };
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(node) {
            node.end = end;
            node.value = if is_object { format!("{{{n_values}}}") } else { format!("[{n_values}]") };
        }
    }
}

/// How long the string, number or word is that a text begins with.
fn token_length(text: &str) -> usize {
    if !text.starts_with('"') {
        return text.find([',', '}', ']', ' ', '\t', '\n', '\r']).unwrap_or(text.len());
    }
    let mut is_escaped = false;
    let is_end = |(_, char): &(usize, char)| {
        let ends = *char == '"' && !is_escaped;
        is_escaped = *char == '\\' && !is_escaped;
        ends
    };
    text.char_indices().skip(1).find(is_end).map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_tree(json: &str, expected: &[&str]) {
        let nodes = tree(json).unwrap();
        let lines: Vec<_> =
            nodes.iter().map(|it| format!("{}{}", "  ".repeat(it.depth), it.text())).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn digits_order_and_escapes_stay() {
        check_tree(
            r#"{"z":1.50,"a":[1e400, {}, [true]],"s":"a, {\"b\": \u00e9\\","":null}"#,
            &[
                "{4}",
                "  z: 1.50",
                "  a: [3]",
                "    0: 1e400",
                "    1: {0}",
                "    2: [1]",
                "      0: true",
                r#"  s: "a, {\"b\": \u00e9\\""#,
                "  (empty): null",
            ],
        );
        check_tree(" [ ] ", &["[0]"]);
        check_tree("12345678901234567890.00", &["12345678901234567890.00"]);
    }

    #[test]
    fn a_branch_knows_where_it_ends() {
        let ends: Vec<_> =
            tree(r#"{"a":[1,2],"b":{"c":3},"d":4}"#).unwrap().iter().map(|it| it.end).collect();
        assert_eq!(ends, [7, 4, 3, 4, 6, 6, 7]);
    }

    #[test]
    fn what_is_not_json_is_left_alone_and_what_is_too_much_is_cut() {
        for text in ["[object Object]", "", "{\"a\":", "{} {}"] {
            assert_eq!(tree(text), None, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        // Neither a long wait nor an overflowing stack.
        assert!(tree(&deep).is_none_or(|it| it.len() <= NODES_MAX));
        let long = format!("[{}1]", "1,".repeat(100_000));
        let nodes = tree(&long).unwrap();
        assert_eq!((nodes.len(), nodes[0].end), (NODES_MAX, NODES_MAX));
    }

    #[test]
    fn a_text_becomes_a_string() {
        assert_eq!(string("a\"b\n"), r#""a\"b\n""#);
    }
}
