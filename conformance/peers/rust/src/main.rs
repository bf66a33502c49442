// A rust-libp2p host for the matrix of tests/interop/matrix; the commands are those of conformance/peers/go/cmd/wire-peer.
use std::{error::Error, time::{Duration, Instant}};

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::{identify, multiaddr::Protocol, noise, ping, swarm::{NetworkBehaviour, SwarmEvent}, tcp, tls, yamux, Multiaddr, PeerId, StreamProtocol, Swarm};
use rand::RngCore;
use tokio::io::AsyncReadExt as _;

const ECHO: StreamProtocol = StreamProtocol::new("/cairn-test/echo/1");
const SINK: StreamProtocol = StreamProtocol::new("/cairn-test/sink/1");

#[derive(NetworkBehaviour)]
struct Behaviour {
    ping: ping::Behaviour,
    identify: identify::Behaviour,
    stream: libp2p_stream::Behaviour,
}

macro_rules! make {
    ($security:expr) => {
        libp2p::SwarmBuilder::with_new_identity()
            .with_tokio()
            .with_tcp(tcp::Config::default().nodelay(true), $security, yamux::Config::default)?
            .with_quic()
            .with_dns()?
            .with_websocket($security, yamux::Config::default)
            .await?
            .with_behaviour(|key| Behaviour {
                ping: ping::Behaviour::new(ping::Config::new().with_interval(Duration::from_millis(50))),
                identify: identify::Behaviour::new(identify::Config::new("/cairn-test/1".into(), key.public())),
                stream: libp2p_stream::Behaviour::new(),
            })?
            .with_swarm_config(|c| c.with_idle_connection_timeout(Duration::from_secs(60)))
            .build()
    };
}

async fn make_swarm(security: &str) -> Result<Swarm<Behaviour>, Box<dyn Error>> {
    Ok(match security {
        "tls" => make!(tls::Config::new),
        "noise" => make!(noise::Config::new),
        _ => make!((tls::Config::new, noise::Config::new)),
    })
}

async fn run(arguments: Vec<String>) -> Result<String, Box<dyn Error>> {
    let (command, address, security) = (arguments[1].as_str(), arguments[2].parse::<Multiaddr>()?, arguments[3].as_str());
    let mut swarm = make_swarm(security).await?;
    let mut control = swarm.behaviour().stream.new_control();
    let mut echoes = control.accept(ECHO)?;
    let mut sinks = control.accept(SINK)?;
    tokio::spawn(async move {
        while let Some((_, stream)) = echoes.next().await {
            tokio::spawn(async move {
                let (mut read, mut write) = stream.split();
                if futures::io::copy(&mut read, &mut write).await.is_ok() {
                    let _ = write.close().await;
                }
            });
        }
    });
    tokio::spawn(async move {
        while let Some((_, mut stream)) = sinks.next().await {
            tokio::spawn(async move {
                let mut buffer = vec![0u8; 1 << 16];
                let mut total = 0usize;
                while let Ok(n) = stream.read(&mut buffer).await {
                    if n == 0 {
                        break;
                    }
                    total += n;
                }
                let _ = stream.write_all(total.to_string().as_bytes()).await;
                let _ = stream.close().await;
            });
        }
    });
    if command == "listen" {
        swarm.listen_on(address)?;
        tokio::spawn(async {
            let mut rest = Vec::new();
            let _ = tokio::io::stdin().read_to_end(&mut rest).await;
            std::process::exit(0);
        });
        loop {
            if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
                println!("{}/p2p/{}", address, swarm.local_peer_id());
            }
        }
    }
    let peer: PeerId = match address.iter().last() {
        Some(Protocol::P2p(id)) => id,
        _ => return Err("the address has no peer".into()),
    };
    swarm.dial(address)?;
    let (told, ping) = tokio::sync::oneshot::channel::<Result<f64, String>>();
    tokio::spawn(async move {
        let mut told = Some(told);
        loop {
            match swarm.select_next_some().await {
                SwarmEvent::Behaviour(BehaviourEvent::Ping(ping::Event { result: Ok(took), .. })) => {
                    if let Some(t) = told.take() {
                        let _ = t.send(Ok(took.as_secs_f64()));
                    }
                }
                SwarmEvent::OutgoingConnectionError { error, .. } => {
                    if let Some(t) = told.take() {
                        let _ = t.send(Err(error.to_string()));
                    }
                }
                _ => {}
            }
        }
    });
    let ping = tokio::time::timeout(Duration::from_secs(30), ping).await???;
    let mut stream = control.open_stream(peer, if command == "perf" { SINK } else { ECHO }).await.map_err(|e| e.to_string())?;
    let mut chunk = vec![0u8; 1 << 20];
    rand::thread_rng().fill_bytes(&mut chunk);
    let begin = Instant::now();
    if command == "perf" {
        let mebibytes: usize = arguments[4].parse()?;
        for _ in 0..mebibytes {
            stream.write_all(&chunk).await?;
        }
        stream.close().await?;
        let mut got = String::new();
        stream.read_to_string(&mut got).await?;
        return Ok(format!("{{\"ok\":{},\"seconds\":{}}}", got == (mebibytes << 20).to_string(), begin.elapsed().as_secs_f64()));
    }
    let (mut read, mut write) = stream.split();
    let sent = chunk.clone();
    tokio::spawn(async move {
        let _ = write.write_all(&sent).await;
        let _ = write.close().await;
    });
    let mut got = Vec::new();
    read.read_to_end(&mut got).await?;
    Ok(format!("{{\"ok\":{},\"security\":\"{}\",\"ping\":{}}}", got == chunk, security, ping))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match run(std::env::args().collect()).await {
        Ok(text) => println!("{text}"),
        Err(e) => {
            println!("{{\"ok\":false,\"error\":{:?}}}", e.to_string());
            std::process::exit(1);
        }
    }
}
