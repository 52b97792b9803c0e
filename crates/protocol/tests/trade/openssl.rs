//! openssl as the second opinion: the same signatures, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::BASE64;
use douyin_pay_protocol::trade::request_text;

use crate::vectors::{application_key, application_public_key, base64};

const INPUTS: usize = 1_000;
const BODY_BYTES_MAX: usize = 4 * 1024;
/// Signatures of ours that openssl verifies itself; they are the same bytes anyway.
const VERIFIED_BY_OPENSSL: usize = 25;

/// A folder for one test, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Runs a script that calls openssl, in this folder. Without openssl the test fails.
pub(crate) fn shell(folder: &Path, script: &str) -> Vec<u8> {
    let output = Command::new("sh").arg("-ec").arg(script).current_dir(folder).output().expect("a shell");
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{script}`: {problem}\n(`cargo xtask test` installs openssl)");
    output.stdout
}

/// SplitMix64: the same inputs in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).expect("a limit")).expect("below the limit")
    }

    /// Every fourth body is Unicode, every fourth looks like JSON, the rest are any bytes; some are empty.
    fn body(&mut self, index: usize) -> Vec<u8> {
        let limit = [1, 16, 256, BODY_BYTES_MAX][self.below(4)];
        let bytes = self.below(limit + 1);
        match index % 4 {
            0 => (0..bytes / 3)
                .map(|_| {
                    char::from_u32(0x4e00 + u32::try_from(self.below(0x5000)).expect("small")).expect("Han")
                })
                .collect::<String>()
                .into_bytes(),
            1 => format!(
                r#"{{"outOrderNo":"O{}","note":"\u4e2d\/{}"}}"#,
                self.next(),
                "\n😀".repeat(bytes / 8)
            )
            .into_bytes(),
            _ => (0..bytes).map(|_| self.next().to_le_bytes()[0]).collect(),
        }
    }
}

#[test]
fn a_thousand_signatures_are_openssls_to_the_byte() {
    let folder = folder("openssl-signs");
    let pem = |label: &str, name: &str| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(name))
    };
    fs::write(folder.join("key.pem"), pem("RSA PRIVATE KEY", "app_private_pkcs1")).expect("a file");
    fs::write(folder.join("public.pem"), application_public_key().to_pem()).expect("a file");
    let (key, public) = (application_key(), application_public_key());
    let mut random = Random(20_260_101);
    let texts: Vec<Vec<u8>> = (0..INPUTS)
        .map(|index| {
            let body = if index == 0 { Vec::new() } else { random.body(index) };
            let (uri, nonce) =
                (format!("/requestOrder{}", random.below(9)), format!("{:016x}", random.next()));
            request_text("POST", &uri, &random.below(2_000_000_000).to_string(), &nonce, &body)
        })
        .collect();
    for (index, text) in texts.iter().enumerate() {
        fs::write(folder.join(format!("{index}.text")), text).expect("a file");
    }
    shell(
        &folder,
        &format!(
            "i=0; while [ $i -lt {INPUTS} ]; do openssl dgst -sha256 -sign key.pem -out $i.theirs $i.text; i=$((i+1)); done"
        ),
    );
    let mut identical = 0;
    for (index, text) in texts.iter().enumerate() {
        let theirs = BASE64.encode(&fs::read(folder.join(format!("{index}.theirs"))).expect("a signature"));
        let ours = key.sign(text);
        assert!(public.verify(text, &theirs), "openssl's signature {index}");
        assert_eq!(ours, theirs, "signature {index}");
        identical += 1;
        if index < VERIFIED_BY_OPENSSL {
            let ours = BASE64.decode(ours.as_bytes()).expect("base64");
            fs::write(folder.join(format!("{index}.ours")), ours).expect("a file");
        }
    }
    let verified = shell(
        &folder,
        &format!(
            "i=0; while [ $i -lt {VERIFIED_BY_OPENSSL} ]; do openssl dgst -sha256 -verify public.pem -signature $i.ours $i.text; i=$((i+1)); done"
        ),
    );
    assert_eq!(String::from_utf8_lossy(&verified).matches("Verified OK").count(), VERIFIED_BY_OPENSSL);
    let refused = shell(&folder, "openssl dgst -sha256 -verify public.pem -signature 1.ours 2.text || true");
    assert!(!String::from_utf8_lossy(&refused).contains("Verified OK"));
    println!("{identical} of {INPUTS} identical");
    assert_eq!(identical, INPUTS);
    fs::remove_dir_all(&folder).expect("the folder is ours");
}
