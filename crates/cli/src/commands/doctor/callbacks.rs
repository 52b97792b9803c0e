//! The way in through the public address: does a body arrive byte for byte?

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_protocol::ecpay::callback;
use douyin_pay_server::config::AppConfig;
use http::{Request, StatusCode};

use super::port::Here;
use super::probing::{Met, probe};
use super::report::{Finding, Report};
use super::{reach, rewriting};

const WAY: &str = "callback_url";
const ECHO: &str = "callback_check";
const REWRITTEN: &str = "body_rewritten";
const LIMIT: &str = "body_limit";
/// Callbacks have a few kilobytes; a limit that refuses this one is too near.
const LARGE_BYTES: usize = 64 << 10;

/// While the address is wrong in itself, nobody is sent there.
pub(super) fn not_looked_at() -> Finding {
    Finding::skipped(WAY, tell!("先改正 `public_url`", "mend `public_url` first"))
}

/// Walks the way of one app.
pub(super) async fn check(env: &Env, base: &str, app: &AppConfig, here: Here, report: &mut Report) {
    let mut add = |finding: Finding| report.add(finding.of(&app.name));
    let body = rewriting::fragile();
    let met = probe(env, base, app, &body).await;
    let Met::Service(arrived) = met else {
        let echoed = matches!(met, Met::Unbelieving) && echoes(env, base, app).await.is_ok();
        add(not_arrived(&met, base, here, echoed));
        return;
    };
    let host = reach::host(base);
    add(Finding::ok(WAY, tell!("经 `{host}` 能到达本服务", "through `{host}` this service is reached")));
    let (sent, came) = (body.len(), arrived.length);
    if arrived.sha256 == douyin_pay_server::probe::sha256_hex(&body) {
        add(Finding::ok(
            REWRITTEN,
            tell!("请求体逐字节到达（{sent} 字节）", "a body arrives byte for byte ({sent} bytes)"),
        ));
    } else {
        let how = rewriting::guess(&body, &arrived);
        add(Finding::problem(
            REWRITTEN,
            tell!(
                "途中有代理改写了请求体：{how}（发出 {sent} 字节，到达 {came} 字节）",
                "something on the way rewrites the body: {how} (sent {sent} bytes, arrived {came})"
            ),
            tell!(
                "在反向代理、CDN 和 WAF 上为 /callbacks/ 关闭请求体的解析、转码、压缩和过滤，原样转发",
                "let the reverse proxy, CDN and WAF pass bodies of /callbacks/ on as they are: no parsing, no other character set, no compression, no filter"
            ),
        ));
    }
    add(large(env, base, app).await);
    add(echo(env, base, app).await);
}

fn not_arrived(met: &Met, base: &str, here: Here, echoed: bool) -> Finding {
    let host = reach::host(base);
    let problem = |message, remedy| Finding::problem(WAY, message, remedy);
    match met {
        Met::Nobody(_) if here == Here::Absent && reach::is_loopback(base) => not_running(),
        Met::Nobody(cause) => {
            let why = reach::why(&host, cause);
            let message = tell!("公网地址不通：{why}", "the public address is not reached: {why}");
            problem(message, reach::remedy_in(cause))
        }
        Met::Redirect(to) => problem(
            tell!(
                "`{host}` 把回调重定向到 `{to}`，平台不会跟随",
                "`{host}` redirects callbacks to `{to}`; the platform does not follow"
            ),
            tell!(
                "让反向代理直接转发 /callbacks/；或把 `public_url` 改成重定向后的地址",
                "let the reverse proxy pass /callbacks/ on without a redirect, or write the address it leads to as `public_url`"
            ),
        ),
        Met::Unbelieving if echoed => problem(
            tell!(
                "`{host}` 丢掉了自定义请求头，无法确认请求体是否原样到达",
                "`{host}` drops unknown request headers, so nobody can tell what arrives of a body"
            ),
            tell!(
                "让反向代理放行请求头 `douyin-pay-probe`；新系统的回调也靠 `Byte-Signature` 等请求头验签",
                "let the reverse proxy pass the header `douyin-pay-probe`; callbacks of the newer system need headers such as `Byte-Signature` as well"
            ),
        ),
        Met::Unbelieving => problem(
            tell!(
                "`{host}` 通到一个服务，但它不认识这个小程序的 token",
                "`{host}` leads to a service that does not know this app's token"
            ),
            tell!(
                "改过配置请用 SIGHUP 重新加载；否则检查反向代理转发到了哪个实例",
                "after a change of the configuration reload with SIGHUP; else see which instance the reverse proxy leads to"
            ),
        ),
        Met::Stranger(
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT,
        ) if here == Here::Absent => not_running(),
        Met::Stranger(StatusCode::PAYLOAD_TOO_LARGE) => {
            Finding::problem(LIMIT, too_large(&host), limit_remedy())
        }
        Met::Stranger(status) => {
            let code = status.as_u16();
            problem(
                tell!(
                    "`{host}` 的应答不是本服务给的（HTTP {code}）",
                    "what answers at `{host}` is not this service (HTTP {code})"
                ),
                stranger_remedy(*status),
            )
        }
        Met::Service(_) => Finding::ok(WAY, host),
    }
}

fn not_running() -> Finding {
    Finding::skipped(
        WAY,
        tell!("服务没有运行；启动后再查", "the service is not running; start it and look again"),
    )
}

fn stranger_remedy(status: StatusCode) -> String {
    match status.as_u16() {
        502..=504 => tell!(
            "反向代理连不上服务：让它的上游指向 `listen` 的地址",
            "the reverse proxy does not reach the service: let its upstream be the address in `listen`"
        ),
        401 | 403 => tell!(
            "防火墙、WAF 或登录页拦下了请求：为 /callbacks/ 放行，平台不会登录",
            "a firewall, WAF or login stands before it: let /callbacks/ through, the platform does not log in"
        ),
        404 | 405 => tell!(
            "这个域名通到别的网站，或缺少转发规则：把 /callbacks/ 转发到 `listen` 的地址，路径保持不变",
            "the name leads to another site, or a rule is missing: pass /callbacks/ on to the address in `listen`, path unchanged"
        ),
        _ => tell!(
            "检查域名指向和反向代理对 /callbacks/ 的转发",
            "see where the name leads, and what the reverse proxy does with /callbacks/"
        ),
    }
}

fn too_large(host: &str) -> String {
    tell!("`{host}` 不接受 64 KiB 的请求体", "`{host}` does not take a body of 64 KiB")
}

fn limit_remedy() -> String {
    tell!(
        "放宽请求体上限，例如 nginx 的 `client_max_body_size 1m;`",
        "raise the limit for bodies, in nginx for example `client_max_body_size 1m;`"
    )
}

async fn large(env: &Env, base: &str, app: &AppConfig) -> Finding {
    let host = reach::host(base);
    let body = rewriting::large(LARGE_BYTES);
    match probe(env, base, app, &body).await {
        Met::Service(arrived) if arrived.length >= LARGE_BYTES as u64 => {
            Finding::ok(LIMIT, tell!("64 KiB 的请求体能通过", "a body of 64 KiB gets through"))
        }
        Met::Nobody(cause) => {
            let why = reach::why(&host, &cause);
            Finding::problem(
                LIMIT,
                tell!("发送 64 KiB 的请求体时失败：{why}", "sending a body of 64 KiB fails: {why}"),
                limit_remedy(),
            )
        }
        _ => Finding::problem(LIMIT, too_large(&host), limit_remedy()),
    }
}

/// The console's check of the URL, as the platform would do it.
async fn echo(env: &Env, base: &str, app: &AppConfig) -> Finding {
    match echoes(env, base, app).await {
        Ok(()) => Finding::ok(
            ECHO,
            tell!("控制台的地址校验（echostr）能通过", "the console's check of the address (echostr) passes"),
        ),
        Err(what) => Finding::problem(
            ECHO,
            tell!(
                "控制台的地址校验（echostr）得到 {what}",
                "the console's check of the address (echostr) is answered with {what}"
            ),
            tell!(
                "让反向代理对 /callbacks/ 的 GET 也转发，保留查询参数，不缓存、不改写应答",
                "let the reverse proxy pass GET on for /callbacks/ too, with its query, without a cache, answers unchanged"
            ),
        ),
    }
}

/// Sends the check; the error says what came instead of the text.
async fn echoes(env: &Env, base: &str, app: &AppConfig) -> Result<(), String> {
    let (timestamp, nonce, text) = (env.now().seconds().to_string(), env.random_hex(4), env.random_hex(24));
    let Some(token) = app.callback_tokens().first() else { return Err("-".to_owned()) };
    let signature = callback::sign(token, &timestamp, &nonce, "");
    let name = &app.name;
    let url = format!(
        "{base}/callbacks/{name}?signature={signature}&timestamp={timestamp}&nonce={nonce}&echostr={text}"
    );
    let answer = reach::send(env, Request::get(url), Bytes::new()).await;
    let answer = answer.map_err(|cause| reach::why(&reach::host(base), &cause))?;
    match answer.status() {
        StatusCode::OK if answer.body() == text.as_bytes() => Ok(()),
        StatusCode::OK => Err(tell!("别的内容", "another text")),
        status => Err(format!("HTTP {}", status.as_u16())),
    }
}
