// The codecs of Rust over the blocks of a folder; see tests/bench/versus_codecs.
use ipld_core::ipld::Ipld;
use std::time::Instant;

fn best_of(mut work: impl FnMut()) -> u128 {
    let (mut best, mut spent, mut run) = (u128::MAX, 0u128, 0);
    while run < 5 || (spent < 500_000_000 && run < 1000) {
        let start = Instant::now();
        work();
        let took = start.elapsed().as_nanos();
        best = best.min(took);
        spent += took;
        run += 1;
    }
    best
}

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    for f in files {
        let shape = f.file_stem().unwrap().to_str().unwrap().to_string();
        let kind = f.extension().unwrap().to_str().unwrap().to_string();
        let data = std::fs::read(&f).unwrap();
        let cbor = kind == "cbor";
        let decode = || -> Result<Ipld, String> {
            if cbor {
                serde_ipld_dagcbor::from_slice(&data).map_err(|e| e.to_string())
            } else {
                serde_ipld_dagjson::from_slice(&data).map_err(|e| e.to_string())
            }
        };
        let value = match decode() {
            Ok(v) => v,
            Err(e) => {
                eprintln!("{}: {}", f.display(), e);
                continue;
            }
        };
        println!("{shape} {kind} decode {}", best_of(|| drop(std::hint::black_box(decode()))));
        println!("{shape} {kind} encode {}", best_of(|| {
            if cbor {
                std::hint::black_box(serde_ipld_dagcbor::to_vec(&value).unwrap());
            } else {
                std::hint::black_box(serde_ipld_dagjson::to_vec(&value).unwrap());
            }
        }));
    }
}
