//! Names to addresses without the C library, as `/etc/hosts` and `/etc/resolv.conf` say.
//!
//! A static binary must not call `getaddrinfo`: glibc would load its modules of *this* machine into it. What is lost:
//! `/etc/nsswitch.conf` and its modules (LDAP, mDNS). Both files are read again when they change, as glibc does:
//! a service outlives a change of its network.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use hickory_resolver::config::{
    LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name as DnsName, RecordType};
use hickory_resolver::system_conf::parse_resolv_conf;
use hickory_resolver::{Hosts, TokioResolver};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A name server that is silent for longer gives way to the next: all of it must fit into the time to connect.
const SERVER_ANSWERS_WITHIN: Duration = Duration::from_millis(900);
/// Rounds over all name servers, the first one included.
const ROUNDS_MAX: usize = 2;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Resolves names by two files.
#[derive(Clone)]
pub(super) struct Names {
    hosts: Arc<PathBuf>,
    servers: Arc<PathBuf>,
    current: Arc<Mutex<Option<Current>>>,
}

/// A resolver, and the age of the files that it was made from.
struct Current {
    made_from: [Option<SystemTime>; 2],
    hosts: Arc<Hosts>,
    resolver: TokioResolver,
}

impl Names {
    /// As the machine's files say.
    pub(super) fn of_machine() -> Self {
        Self::of(Path::new("/etc/hosts"), Path::new("/etc/resolv.conf"))
    }

    fn of(hosts: &Path, servers: &Path) -> Self {
        let current = Arc::new(Mutex::new(None));
        Self { hosts: Arc::new(hosts.to_owned()), servers: Arc::new(servers.to_owned()), current }
    }

    fn current(&self) -> Result<(Arc<Hosts>, TokioResolver), Failure> {
        let made_from = [changed_at(&self.hosts), changed_at(&self.servers)];
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_none_or(|current| current.made_from != made_from) {
            let (config, options) = read_servers(&self.servers);
            let (hosts, resolver) = (Arc::new(read_hosts(&self.hosts)?), build(config, options)?);
            *current = Some(Current { made_from, hosts, resolver });
        }
        let current = current.as_ref().ok_or("no resolver was made")?;
        Ok((current.hosts.clone(), current.resolver.clone()))
    }

    async fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, Failure> {
        let (hosts, resolver) = self.current()?;
        let known = look_into(&hosts, name)?;
        if !known.is_empty() {
            return Ok(known);
        }
        let found = resolver.lookup_ip(name).await;
        let found = found.map_err(|cause| format!("the name `{name}` was not found: {cause}"))?;
        Ok(found.iter().collect())
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move {
            let found = names.look_up(name.as_str()).await?;
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

/// All addresses of a name in the hosts file. Who is there in one version is not looked for elsewhere in the other:
/// that would wait for name servers which an isolated machine does not have.
fn look_into(hosts: &Hosts, name: &str) -> Result<Vec<IpAddr>, Failure> {
    let name = DnsName::from_str_relaxed(name)?.to_lowercase();
    let of_type = |kind| hosts.lookup_static_host(&Query::query(name.clone(), kind));
    let found = [of_type(RecordType::AAAA), of_type(RecordType::A)];
    let records = found.iter().flatten().flat_map(|found| found.answers());
    Ok(records.filter_map(|record| record.data.ip_addr()).collect())
}

fn read_hosts(path: &Path) -> Result<Hosts, Failure> {
    let mut hosts = Hosts::default();
    if let Ok(file) = std::fs::File::open(path) {
        hosts.read_hosts_conf(file).map_err(|cause| format!("`{}`: {cause}", path.display()))?;
    }
    Ok(hosts)
}

fn build(config: ResolverConfig, options: ResolverOpts) -> Result<TokioResolver, Failure> {
    let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    *builder.options_mut() = options;
    let options = builder.options_mut();
    options.ip_strategy = LookupIpStrategy::Ipv6AndIpv4;
    options.timeout = options.timeout.min(SERVER_ANSWERS_WITHIN);
    options.attempts = options.attempts.min(ROUNDS_MAX);
    options.use_hosts_file = ResolveHosts::Never;
    Ok(builder.build()?)
}

/// The name servers; without any, one on this machine, as the C library does.
fn read_servers(path: &Path) -> (ResolverConfig, ResolverOpts) {
    let read = std::fs::read(path).ok().and_then(|text| parse_resolv_conf(text).ok());
    read.unwrap_or_else(|| {
        let here = NameServerConfig::udp_and_tcp(IpAddr::V4(Ipv4Addr::LOCALHOST));
        (ResolverConfig::from_name_servers(vec![here]), ResolverOpts::default())
    })
}

fn changed_at(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|file| file.modified()).ok()
}

#[cfg(test)]
mod tests {
    use tokio::net::UdpSocket;

    use super::*;

    /// Answers every question about addresses of version 4 with `address`, others with none.
    async fn name_server(address: [u8; 4]) -> u16 {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let serve = async move {
            let mut packet = [0; 512];
            loop {
                let (count, from) = socket.recv_from(&mut packet).await.unwrap();
                // Header, question (a name, then type and class), then what we leave out.
                let end_of_name = 12 + packet[12..count].iter().position(|byte| *byte == 0).unwrap() + 1;
                let of_version_4 = packet[end_of_name..end_of_name + 2] == [0, 1];
                let mut answer = packet[..end_of_name + 4].to_vec();
                answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, u8::from(of_version_4), 0, 0, 0, 0]);
                if of_version_4 {
                    answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
                    answer.extend(address);
                }
                socket.send_to(&answer, from).await.unwrap();
            }
        };
        crate::Env::real().tasks.spawn("name server", Box::pin(serve));
        port
    }

    fn server_at(port: u16) -> NameServerConfig {
        let mut server = NameServerConfig::udp_and_tcp(IpAddr::V4(Ipv4Addr::LOCALHOST));
        server.connections.iter_mut().for_each(|connection| connection.port = port);
        server
    }

    #[tokio::test]
    async fn hosts_are_read_and_read_again_when_they_change() {
        let folder = std::env::temp_dir().join(format!("douyin-pay-names-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (hosts, nothing) = (folder.join("hosts"), folder.join("no-such-file"));
        std::fs::write(&hosts, "10.1.2.3 pay.example.com\n# comment\nfd00::1 six.example.com six\n").unwrap();
        let names = Names::of(&hosts, &nothing);
        assert_eq!(names.look_up("pay.example.com").await.unwrap(), [IpAddr::from([10, 1, 2, 3])]);
        assert_eq!(names.look_up("SIX").await.unwrap(), ["fd00::1".parse::<IpAddr>().unwrap()]);
        std::fs::write(&hosts, "10.1.2.4 pay.example.com\n").unwrap();
        let later = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
        std::fs::File::options().append(true).open(&hosts).unwrap().set_modified(later).unwrap();
        assert_eq!(names.look_up("pay.example.com").await.unwrap(), [IpAddr::from([10, 1, 2, 4])]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn an_empty_machine_knows_localhost_and_says_what_it_does_not_know() {
        let nothing = Path::new("/no/such/file");
        let names = Names::of(nothing, nothing);
        assert!(names.look_up("localhost").await.unwrap().contains(&IpAddr::from([127, 0, 0, 1])));
        let problem = names.look_up("no-such-name.invalid").await.unwrap_err().to_string();
        assert!(problem.starts_with("the name `no-such-name.invalid` was not found: "), "{problem}");
    }

    #[tokio::test]
    async fn a_silent_name_server_gives_way_to_the_next_within_the_time_to_connect() {
        let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let servers = [silent.local_addr().unwrap().port(), name_server([10, 7, 7, 7]).await].map(server_at);
        let config = ResolverConfig::from_name_servers(servers.into());
        let resolver = build(config, ResolverOpts::default()).unwrap();
        let in_time = crate::Env::real().within(super::super::clients::CONNECT_WITHIN, async {
            resolver.lookup_ip("pay.example.com.").await
        });
        let found = in_time.await.expect("in time").expect("the second server knows it");
        assert_eq!(found.iter().collect::<Vec<_>>(), [IpAddr::from([10, 7, 7, 7])]);
    }
}
