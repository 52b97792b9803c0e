//! What is wrong with a key, and what to do; never a byte of it.

/// Why a text is not the key that was asked for. The message names the problem and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// Nothing is there.
    Empty,
    /// More bytes than any key has.
    TooLong(usize),
    /// Neither text nor DER.
    NotText,
    /// A character that base64 does not have, so many characters into the base64.
    NotBase64(usize),
    /// A file's name instead of its content.
    FileName,
    /// The end is missing: of the PEM block, or of the content.
    Truncated,
    /// More follows after the key's end.
    Trailing,
    /// Several PEM blocks.
    Several(usize),
    /// A PEM block that holds no key.
    OtherPem,
    /// The PEM header promises one format and the content is another: PKCS#1 loaded as PKCS#8, or the reverse.
    LabelDiffers {
        /// The header, without its dashes.
        label: &'static str,
        /// The header that fits the content.
        fitting: &'static str,
    },
    /// A public key where the private one is needed.
    PublicForPrivate,
    /// A private key where the public one is needed.
    PrivateForPublic,
    /// A certificate, or a request for one.
    Certificate,
    /// A key protected by a password.
    Encrypted,
    /// A PKCS#12 file (`.p12`, `.pfx`).
    Pkcs12,
    /// OpenSSH's own format.
    OpenSsh,
    /// A key of another algorithm.
    OtherAlgorithm(&'static str),
    /// RSA, but with another number of bits.
    Bits(usize),
    /// RSA, but with another public exponent than 65537.
    Exponent,
    /// It is no key of any kind we know.
    NotAKey,
    /// It looks like a key, but its numbers do not belong together.
    Inconsistent,
}

impl KeyError {
    /// The problem and the next step, in English.
    pub fn en(&self) -> String {
        match self {
            Self::Empty => "the key is empty; give the content of the key's file".to_owned(),
            Self::TooLong(bytes) => {
                format!("{bytes} bytes are too many for a key; give the file that holds this key alone")
            }
            Self::NotText => "this is neither text nor DER; give PEM or base64".to_owned(),
            Self::NotBase64(at) => {
                format!("character {at} of the base64 cannot be in base64; copy the key again, completely")
            }
            Self::FileName => "this is a file's name, not a key; give the file's content".to_owned(),
            Self::Truncated => "the end of the key is missing; copy it again, to the last line".to_owned(),
            Self::Trailing => "something follows after the key's end; remove it".to_owned(),
            Self::Several(blocks) => {
                format!("the text holds {blocks} PEM blocks; keep the one of this key")
            }
            Self::OtherPem => {
                "this PEM block holds no key; give `BEGIN PRIVATE KEY`, `BEGIN RSA PRIVATE KEY` or `BEGIN PUBLIC KEY`"
                    .to_owned()
            }
            Self::LabelDiffers { label, fitting } => format!(
                "the header says `{label}` but the content belongs under `{fitting}` (PKCS#1 and PKCS#8 are two formats); \
                 write that into both the BEGIN and the END line"
            ),
            Self::PublicForPrivate => {
                "this is a public key; signing needs the private key that was made together with it".to_owned()
            }
            Self::PrivateForPublic => {
                "this is a private key where the public one belongs; replace it, and keep the private key to yourself"
                    .to_owned()
            }
            Self::Certificate => {
                "this is a certificate or a request for one; give the key, for example by `openssl x509 -pubkey -noout`"
                    .to_owned()
            }
            Self::Encrypted => {
                "the key is protected by a password; remove it with `openssl pkey -in FILE -out NEW`".to_owned()
            }
            Self::Pkcs12 => {
                "this is a PKCS#12 file; take the key out with `openssl pkcs12 -nocerts -nodes`".to_owned()
            }
            Self::OpenSsh => {
                "this is OpenSSH's format; make a key with `openssl genrsa 2048` or convert it with `ssh-keygen -p -m PEM`"
                    .to_owned()
            }
            Self::OtherAlgorithm(name) => {
                format!("this is a key for {name}; the platform takes RSA, made with `openssl genrsa 2048`")
            }
            Self::Bits(bits) => {
                format!("the key has {bits} bits; the platform takes 2048, made with `openssl genrsa 2048`")
            }
            Self::Exponent => {
                "the key's public exponent is not 65537; make one with `openssl genrsa 2048`".to_owned()
            }
            Self::NotAKey => "the base64 can be read, but holds no key; copy the key's file again".to_owned(),
            Self::Inconsistent => {
                "it has a key's form, but its numbers do not belong together; copy it again from where it was made"
                    .to_owned()
            }
        }
    }

    /// The problem and the next step, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "密钥为空；请填入密钥文件的内容".to_owned(),
            Self::TooLong(bytes) => format!("{bytes} 字节，不可能是一个密钥；请提供只含此密钥的文件"),
            Self::NotText => "既不是文本也不是 DER；请提供 PEM 或 base64".to_owned(),
            Self::NotBase64(at) => format!("base64 的第 {at} 个字符不合法；请重新完整复制密钥"),
            Self::FileName => "这是文件名而不是密钥；请填入文件的内容".to_owned(),
            Self::Truncated => "密钥的结尾缺失；请重新复制到最后一行".to_owned(),
            Self::Trailing => "密钥结尾之后还有多余内容；请删除".to_owned(),
            Self::Several(blocks) => format!("文本里有 {blocks} 个 PEM 块；请只保留这个密钥的那一块"),
            Self::OtherPem => "这个 PEM 块里不是密钥；请提供 `BEGIN PRIVATE KEY`、`BEGIN RSA PRIVATE KEY` 或 `BEGIN PUBLIC KEY`".to_owned(),
            Self::LabelDiffers { label, fitting } => format!(
                "头部写的是 `{label}`，内容却应使用 `{fitting}`（PKCS#1 与 PKCS#8 是两种格式）；请把 BEGIN 与 END 两行都改成后者"
            ),
            Self::PublicForPrivate => "这是公钥；签名需要与它成对的私钥".to_owned(),
            Self::PrivateForPublic => "此处应为公钥，却给了私钥；请更换，并妥善保管私钥".to_owned(),
            Self::Certificate => "这是证书或证书申请；请提供密钥，例如用 `openssl x509 -pubkey -noout` 取出".to_owned(),
            Self::Encrypted => "密钥有密码保护；请用 `openssl pkey -in FILE -out NEW` 去掉密码".to_owned(),
            Self::Pkcs12 => "这是 PKCS#12 文件；请用 `openssl pkcs12 -nocerts -nodes` 取出密钥".to_owned(),
            Self::OpenSsh => "这是 OpenSSH 的格式；请用 `openssl genrsa 2048` 新建，或用 `ssh-keygen -p -m PEM` 转换".to_owned(),
            Self::OtherAlgorithm(name) => format!("这是 {name} 密钥；平台只接受 RSA，请用 `openssl genrsa 2048` 生成"),
            Self::Bits(bits) => format!("密钥是 {bits} 位；平台只接受 2048 位，请用 `openssl genrsa 2048` 生成"),
            Self::Exponent => "密钥的公钥指数不是 65537；请用 `openssl genrsa 2048` 生成".to_owned(),
            Self::NotAKey => "base64 可以解码，但内容不是密钥；请重新复制密钥文件".to_owned(),
            Self::Inconsistent => "形式上是密钥，但其中的数字彼此不符；请从生成处重新复制".to_owned(),
        }
    }
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en())
    }
}

impl std::error::Error for KeyError {}
