//! Rust source taken apart: code without comments and literals, and the literals.
//!
//! Rules look for words in code; the same word in a comment or a string is no finding.

use super::tree::TextFile;

/// One Rust file, taken apart.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) file: &'a TextFile,
    /// Lines of code; comments and the insides of literals are blanks.
    pub(super) code: Vec<String>,
    /// The same without items under `#[cfg(test)]`; nothing for files of tests.
    pub(super) product: Vec<String>,
    /// String literals with the line (1-based) on which they begin.
    pub(super) strings: Vec<(usize, String)>,
}

impl<'a> Source<'a> {
    /// Takes a `.rs` file apart; `None` for other files.
    pub(super) fn of(file: &'a TextFile) -> Option<Self> {
        if !file.path.ends_with(".rs") {
            return None;
        }
        let (code, strings) = Scanner::new(&file.text).run();
        let product = if is_test_file(&file.path) { Vec::new() } else { lines(&without_tests(&code)) };
        Some(Self { file, code: lines(&code), product, strings })
    }

    /// The crate's folder name, and the path inside it.
    pub(super) fn place(&self) -> Option<(&'a str, &'a str)> {
        self.file.path.strip_prefix("crates/")?.split_once('/')
    }
}

/// Whether `code` holds `words` with no letter, digit or `_` touching it.
pub(super) fn holds(code: &str, words: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let open = words.starts_with(part);
    let shut = words.ends_with(part);
    code.match_indices(words).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(part);
        let after = code[at + words.len()..].chars().next().is_some_and(part);
        !(open && before || shut && after)
    })
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "tests" | "benches" | "tests.rs"))
}

/// Blanks every item that stands under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut bytes = code.as_bytes().to_vec();
    let mut from = 0;
    while let Some(at) = code[from..].find("#[cfg(").map(|at| from + at) {
        let shut = code[at..].find(']').map_or(code.len(), |length| at + length + 1);
        from = shut;
        let condition = &code[at..shut];
        if !holds(condition, "test") || condition.contains("not(") {
            continue;
        }
        from = end_of_item(code, shut);
        for byte in &mut bytes[at..from] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).expect("blanks replace whole characters")
}

/// The end of the item that begins at `from`: its `;`, or the brace that closes its body.
fn end_of_item(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code[from..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && matches!(c, ';' | '}') {
            return from + at + 1;
        }
    }
    code.len()
}

struct Scanner {
    text: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    strings: Vec<(usize, String)>,
}

impl Scanner {
    fn new(text: &str) -> Self {
        Self { text: text.chars().collect(), at: 0, line: 1, code: String::new(), strings: Vec::new() }
    }

    fn run(mut self) -> (String, Vec<(usize, String)>) {
        while let Some(c) = self.peek(0) {
            match c {
                '/' if self.peek(1) == Some('/') => self.line_comment(),
                '/' if self.peek(1) == Some('*') => self.block_comment(),
                '"' => self.string(),
                '\'' => self.quote(),
                c if c.is_alphabetic() || c == '_' => self.word(),
                _ => self.keep(),
            }
        }
        (self.code, self.strings)
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    /// Takes one character; `shown` says what of it stays in the code.
    fn take(&mut self, shown: impl Fn(char) -> char) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        if c == '\n' {
            self.line += 1;
            self.code.push('\n');
        } else {
            self.code.push(shown(c));
        }
        Some(c)
    }

    fn keep(&mut self) {
        self.take(|c| if c.is_ascii() { c } else { '_' });
    }

    fn blank(&mut self) -> Option<char> {
        self.take(|_| ' ')
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                (None, _) => return,
                _ => {
                    self.blank();
                    continue;
                }
            }
            self.blank();
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        let mut content = String::new();
        self.keep();
        while let Some(c) = self.peek(0).filter(|c| *c != '"') {
            self.blank();
            content.push(c);
            if c == '\\' {
                content.extend(self.blank());
            }
        }
        self.keep();
        self.strings.push((line, content));
    }

    /// A character literal or a lifetime.
    fn quote(&mut self) {
        if self.peek(1) == Some('\\') {
            self.keep();
            self.blank();
            self.blank();
            while self.peek(0).is_some_and(|c| c != '\'') {
                self.blank();
            }
        } else if self.peek(2) == Some('\'') {
            self.keep();
            self.blank();
        }
        self.keep();
    }

    /// A word, or the prefix of a raw string with the string.
    fn word(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.keep();
        }
        let word: String = self.text[start..self.at].iter().collect();
        let hashes = self.text[self.at..].iter().take_while(|c| **c == '#').count();
        if matches!(word.as_str(), "r" | "br" | "cr") && self.peek(hashes) == Some('"') {
            self.raw_string(hashes);
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        let line = self.line;
        let mut content = String::new();
        (0..=hashes).for_each(|_| self.keep());
        let closes = |scanner: &Self| {
            scanner.peek(0) == Some('"') && (1..=hashes).all(|ahead| scanner.peek(ahead) == Some('#'))
        };
        while self.peek(0).is_some() && !closes(self) {
            content.extend(self.blank());
        }
        (0..=hashes).for_each(|_| self.keep());
        self.strings.push((line, content));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(text: &str) -> (String, Vec<(usize, String)>) {
        Scanner::new(text).run()
    }

    #[test]
    fn comments_and_literals_are_blanks_in_code() {
        let (code, strings) = taken_apart("let a = \"async\"; // await\n/* f64 /* in */ f32 */ let b;\n");
        assert_eq!(code, "let a = \"     \";         \n                       let b;\n");
        assert_eq!(strings, [(1, "async".to_owned())]);
    }

    #[test]
    fn strings_of_every_kind_end_where_rust_ends_them() {
        let (code, strings) = taken_apart(r###"f("a\"b", r#"c"d"#, br"e\", b"f") + g"###);
        assert!(code.ends_with("+ g"), "{code}");
        let contents: Vec<&str> = strings.iter().map(|(_, content)| content.as_str()).collect();
        assert_eq!(contents, ["a\\\"b", "c\"d", "e\\", "f"]);
    }

    #[test]
    fn lifetimes_and_characters_are_told_apart() {
        let (code, strings) =
            taken_apart("fn f<'a>(x: &'a str) -> char { match x { '\"' => '\\'', '\\u{1F600}' => 'y' } }");
        assert!(strings.is_empty(), "{strings:?}");
        assert!(code.starts_with("fn f<'a>(x: &'a str) -> char {"), "{code}");
        assert!(!code.contains('y'), "{code}");
    }

    #[test]
    fn a_string_on_a_later_line_knows_its_line() {
        assert_eq!(taken_apart("a\nb\n\"c\nd\" \"e\"").1, [(3, "c\nd".to_owned()), (4, "e".to_owned())]);
    }

    #[test]
    fn items_under_cfg_test_are_not_product() {
        let text = "//! X.\n#[cfg(test)]\nmod tests;\nfn real() {}\n#[cfg(test)]\n#[derive(A)]\nmod more { fn t() { f32; } }\n\
                    #[cfg(not(test))]\nfn also_real() {}\n#[cfg(feature = \"x\")]\nfn third() {}\n";
        let file = TextFile { path: "crates/ledger/src/x.rs".to_owned(), text: text.to_owned() };
        let product = Source::of(&file).unwrap().product.join("\n");
        for (word, there) in
            [("real", true), ("also_real", true), ("third", true), ("more", false), ("f32", false)]
        {
            assert_eq!(holds(&product, word), there, "{word} in {product}");
        }
    }

    #[test]
    fn words_touch_nothing() {
        assert!(holds("x as i64)", "as i64"));
        assert!(!holds("alias i64", "as i64"));
        assert!(!holds("x as i64x", "as i64"));
        assert!(holds("a.await?", ".await"));
        assert!(!holds("instant", "Instant"));
    }
}
