//! The program `wa-sim`: the WhatsApp Cloud API on this machine.

use std::{
    error::Error,
    fs,
    io::{self, Write as _},
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use serde_json::json;
use wa_sim::{ErrorStyle, Rng, ServerOptions, State, TestServer};

/// Plays the WhatsApp Cloud API on this machine, for tests and for trying things out.
///
/// One line of JSON on standard output tells where it listens. A page at /_sim/ shows and controls it.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 lets the system choose
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Let other machines call, and answer under any name
    #[arg(long)]
    allow_remote: bool,
    /// Send webhooks to other machines too
    #[arg(long)]
    allow_remote_callbacks: bool,
    /// Trust callbacks that this authority (PEM) vouches for, too
    #[arg(long, value_name = "FILE")]
    callback_authority: Option<PathBuf>,
    /// The state to begin with (JSON): a scenario or a snapshot; without it one unverified number
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// The source of all chance
    #[arg(long)]
    seed: Option<u64>,
    /// How errors look: as on Meta's error pages, or as in its API description
    #[arg(long)]
    error_style: Option<ErrorStyleName>,
    /// Answer without unknown members and in a fixed order
    #[arg(long)]
    plain: bool,
    /// Speak TLS, with an authority made for this run
    #[arg(long)]
    tls: bool,
    /// Where that authority's certificate is written (PEM)
    #[arg(long, value_name = "FILE", default_value = "wa-sim-authority.pem")]
    authority: PathBuf,
    /// Speak TLS with this certificate and its chain (PEM)
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "tls")]
    certificate: Option<PathBuf>,
    /// The key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// Follow the machine's clock instead of one that stands still until it is moved
    #[arg(long)]
    real_clock: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ErrorStyleName {
    Code,
    Description,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let prepared = arguments.state().and_then(|state| Ok((state, arguments.options()?)));
    let (state, options) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return fail(&*error, MISUSE),
    };
    match serve(state, options, &arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let text = format!("port {} is taken: stop what listens there or choose one with --port", arguments.port);
            fail(&*Box::<dyn Error>::from(text), FAILURE)
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => {
            fail(&error, MISUSE)
        }
        Err(error) => fail(&error, FAILURE),
    }
}

fn serve(state: State, options: ServerOptions, arguments: &Arguments) -> io::Result<()> {
    let token = state.tokens.iter().next();
    let app = token.and_then(|(_, token)| state.apps.get_key_value(&token.app)).or_else(|| state.apps.iter().next());
    let mut line = json!({
        "token": token.map(|(text, _)| text),
        "app": app.map(|(id, _)| id),
        "app_secret": app.map(|(_, app)| &app.secret),
        "account": state.accounts.keys().next(),
        "number": state.numbers.keys().next(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        // Listened for before anybody can know that the server runs.
        let ended = Signals::new()?;
        let server = TestServer::start_with(state, options)?;
        let url = server.url();
        line["control"] = format!("{url}/_sim/").into();
        line["listening"] = url.into();
        if let Some(pem) = server.authority_pem() {
            fs::write(&arguments.authority, pem)?;
            line["authority"] = fs::canonicalize(&arguments.authority)?.display().to_string().into();
        }
        writeln!(io::stdout(), "{line}")?;
        ended.wait().await;
        drop(server);
        Ok(())
    })
}

impl Arguments {
    fn state(&self) -> Result<State, Box<dyn Error>> {
        let mut state = match &self.scenario {
            None => State::demo(DEMO_SEED),
            Some(path) => {
                let error = |error: &dyn Error| format!("{}: {error}", path.display());
                let text = fs::read_to_string(path).map_err(|cause| error(&cause))?;
                State::from_json(&text).map_err(|cause| error(&cause))?
            }
        };
        if let Some(seed) = self.seed {
            state.seed = Rng::new(seed);
        }
        match self.error_style {
            Some(ErrorStyleName::Code) => state.rules.error_style = ErrorStyle::Code,
            Some(ErrorStyleName::Description) => state.rules.error_style = ErrorStyle::Description,
            None => {}
        }
        state.rules.plain |= self.plain;
        Ok(state)
    }

    fn options(&self) -> Result<ServerOptions, Box<dyn Error>> {
        if !self.listen.is_loopback() && !self.allow_remote {
            let text = "can be reached from other machines: add --allow-remote if that is meant";
            return Err(format!("{} {text}", self.listen).into());
        }
        let read = |path: &PathBuf| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
        let mut options = ServerOptions::new().listen((self.listen, self.port).into());
        if self.tls {
            options = options.tls();
        }
        if let (Some(certificate), Some(key)) = (&self.certificate, &self.key) {
            options = options.certificate(read(certificate)?, read(key)?);
        }
        if let Some(authority) = &self.callback_authority {
            options = options.callback_authority(read(authority)?);
        }
        if self.allow_remote {
            options = options.allow_remote();
        }
        if self.allow_remote_callbacks {
            options = options.allow_remote_callbacks();
        }
        if self.real_clock {
            options = options.real_clock();
        }
        Ok(options)
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self(tokio::signal::windows::ctrl_c()?))
    }

    async fn wait(mut self) {
        self.0.recv().await;
    }
}

fn fail(error: &dyn Error, code: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::from(code)
}

const PORT: u16 = 4010;
const DEMO_SEED: u64 = 1;
const FAILURE: u8 = 1;
/// As clap has it for flags that cannot be used.
const MISUSE: u8 = 2;
