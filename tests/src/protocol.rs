//! How a command is handed into a running scene: one request in, what came out of it back.
//!
//! The side inside the scene is [`serve`]; the side outside is [`Session`]. Frames on both pipes are
//! a little-endian `u32` length and that many bytes. The first frame from inside is the scene's
//! facts, names and values; after that every request is answered by one response, in order.
//!
//! Each command gets the same process number where the kernel lets it be chosen, so that two runs
//! of one command see the same machine. Its output goes to memory files that stay open for the
//! life of the server, so that a listing of open files finds the server unchanged.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Seek as _, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{MemfdFlags, OFlags};

/// Names and values that a scene tells about itself: `SCENE_PID`, `SCENE_PORT_LISTEN`, ...
pub type Facts = Vec<(OsString, OsString)>;

/// The process number that every command gets inside a scene: above those of the scenes, and of no
/// more digits, so that the lister's own row does not widen a column of numbers.
pub const COMMAND_PID: u32 = 900;

/// Output of one command is cut by a signal at this many bytes.
const OUTPUT_LIMIT: u64 = 256 << 20;

/// Who runs the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The scene's own root.
    Root,
    /// This user and group number, without supplementary groups.
    User(u32),
}

/// What the command's standard output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A file.
    File,
    /// A pipe that is read to its end.
    Pipe,
    /// A pipe whose reader is gone before the command starts.
    BrokenPipe,
    /// `/dev/full`.
    Full,
    /// A terminal of this many columns; 0 is a terminal that does not tell.
    Terminal(u16),
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The file to execute.
    pub program: PathBuf,
    /// argv[0].
    pub argv0: OsString,
    /// The arguments after argv[0].
    pub args: Vec<OsString>,
    /// The whole environment.
    pub env: Facts,
    /// The working directory.
    pub directory: PathBuf,
    /// Standard input; empty means `/dev/null`.
    pub stdin: Vec<u8>,
    /// Who runs it.
    pub identity: Identity,
    /// Where standard output goes.
    pub output: Output,
    /// Milliseconds after which the command is killed.
    pub limit: u32,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// It was killed when its time was over.
    Overtime,
    /// It could not be started, for this reason.
    NotStarted(String),
}

/// What came out of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Its process number inside the scene.
    pub pid: u32,
    /// How it ended.
    pub end: End,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: Vec<u8>,
}

/// The side inside a scene: tells the facts, then runs requests from `input` until it ends.
///
/// # Errors
/// When a pipe to the outside fails or a frame does not follow the protocol.
pub fn serve(facts: &Facts, input: impl Read, output: impl Write) -> io::Result<()> {
    Server::new()?.serve(facts, input, output)
}

/// The side inside, prepared: what it opened stays open, also when `/proc` is covered meanwhile.
pub struct Server(Room);

impl Server {
    /// Opens what stays open between commands.
    ///
    /// # Errors
    /// When the kernel has no memory files.
    pub fn new() -> io::Result<Self> {
        Room::new().map(Self)
    }

    /// Tells the facts, then runs requests from `input` until it ends.
    ///
    /// # Errors
    /// When a pipe to the outside fails or a frame does not follow the protocol.
    pub fn serve(
        mut self,
        facts: &Facts,
        mut input: impl Read,
        mut output: impl Write,
    ) -> io::Result<()> {
        let mut hello = Vec::new();
        put_pairs(&mut hello, facts);
        put_frame(&mut output, &hello)?;
        while let Some(frame) = get_frame(&mut input)? {
            let request = Request::decode(&frame).ok_or_else(malformed)?;
            put_frame(&mut output, &self.0.run(&request).encode())?;
        }
        Ok(())
    }
}

struct Room {
    stdout: File,
    stderr: File,
    stdin: File,
    /// `/dev/null`.
    nothing: File,
    /// Chooses the next process number; absent without the privilege.
    last_pid: Option<File>,
    /// The program that becomes another user: beside this one.
    as_user: PathBuf,
}

impl Room {
    fn new() -> io::Result<Self> {
        rustix::process::setrlimit(
            rustix::process::Resource::Fsize,
            rustix::process::Rlimit {
                current: Some(OUTPUT_LIMIT),
                maximum: Some(OUTPUT_LIMIT),
            },
        )?;
        let memory = |name: &str| -> io::Result<File> {
            Ok(rustix::fs::memfd_create(name, MemfdFlags::CLOEXEC)?.into())
        };
        Ok(Self {
            stdout: memory("stdout")?,
            stderr: memory("stderr")?,
            stdin: memory("stdin")?,
            nothing: File::open("/dev/null")?,
            last_pid: File::options()
                .write(true)
                .open("/proc/sys/kernel/ns_last_pid")
                .ok(),
            as_user: std::env::current_exe()?.with_file_name("as_user"),
        })
    }

    fn run(&mut self, request: &Request) -> Response {
        self.try_run(request).unwrap_or_else(|error| Response {
            pid: 0,
            end: End::NotStarted(error.to_string()),
            stdout: Vec::new(),
            stderr: Vec::new(),
        })
    }

    fn try_run(&mut self, request: &Request) -> io::Result<Response> {
        let mut command = match request.identity {
            Identity::Root => {
                let mut command = Command::new(&request.program);
                command.arg0(&request.argv0);
                command
            }
            Identity::User(number) => {
                let mut command = Command::new(&self.as_user);
                command
                    .arg(number.to_string())
                    .arg(&request.argv0)
                    .arg(&request.program);
                command
            }
        };
        command.args(&request.args).current_dir(&request.directory);
        command
            .env_clear()
            .envs(request.env.iter().map(|(name, value)| (name, value)));
        command.stdin(self.standard_input(&request.stdin)?);
        let (stdout, mut stream) = self.standard_output(request.output)?;
        command.stdout(stdout);
        command.stderr(empty(&mut self.stderr)?);
        self.choose_next_pid();
        let mut child = command.spawn()?;
        // The command keeps the descriptors that it handed down: they stay open until the end, or a
        // listing would find them or not, as it starts sooner or later. Only of a pipe or a terminal
        // there must be no other copy.
        let held = (request.output == Output::File).then_some(command);
        let pid = child.id();
        let mut streamed = Vec::new();
        let end = wait(&mut child, request.limit, &mut stream, &mut streamed)?;
        drop(held);
        let stdout = match request.output {
            Output::File => contents(&mut self.stdout)?,
            _ => streamed,
        };
        Ok(Response {
            pid,
            end,
            stdout,
            stderr: contents(&mut self.stderr)?,
        })
    }

    /// Makes the next process of this namespace number [`COMMAND_PID`], where that is permitted.
    fn choose_next_pid(&mut self) {
        if let Some(last_pid) = &mut self.last_pid {
            // Refused without privileges over the namespace: then the numbers differ.
            let _ = last_pid.rewind();
            let _ = last_pid.write_all((COMMAND_PID - 1).to_string().as_bytes());
        }
    }

    fn standard_input(&mut self, bytes: &[u8]) -> io::Result<Stdio> {
        if bytes.is_empty() {
            return Ok(self.nothing.try_clone()?.into());
        }
        let copy = empty(&mut self.stdin)?;
        self.stdin.write_all(bytes)?;
        self.stdin.rewind()?;
        Ok(copy)
    }

    /// What the child writes to and, unless that is a file, what is read here meanwhile.
    fn standard_output(&mut self, output: Output) -> io::Result<(Stdio, Option<File>)> {
        match output {
            Output::File => Ok((empty(&mut self.stdout)?, None)),
            Output::Full => Ok((File::options().write(true).open("/dev/full")?.into(), None)),
            Output::Pipe | Output::BrokenPipe => {
                let (reader, writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
                let reader = (output == Output::Pipe).then_some(reader);
                Ok((writer.into(), reader.map(without_waiting).transpose()?))
            }
            Output::Terminal(columns) => {
                use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
                let master =
                    openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
                grantpt(&master)?;
                unlockpt(&master)?;
                let name = ptsname(&master, Vec::new())?;
                let size = rustix::termios::Winsize {
                    ws_row: 24,
                    ws_col: columns,
                    ws_xpixel: 0,
                    ws_ypixel: 0,
                };
                let slave = rustix::fs::open(
                    name.as_c_str(),
                    OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
                    rustix::fs::Mode::empty(),
                )?;
                rustix::termios::tcsetwinsize(&slave, size)?;
                Ok((slave.into(), Some(without_waiting(master)?)))
            }
        }
    }
}

fn empty(file: &mut File) -> io::Result<Stdio> {
    file.set_len(0)?;
    file.rewind()?;
    Ok(file.try_clone()?.into())
}

fn contents(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn without_waiting(descriptor: OwnedFd) -> io::Result<File> {
    let flags = rustix::fs::fcntl_getfl(&descriptor)?;
    rustix::fs::fcntl_setfl(&descriptor, flags | OFlags::NONBLOCK)?;
    Ok(descriptor.into())
}

fn wait(
    child: &mut Child,
    limit: u32,
    stream: &mut Option<File>,
    streamed: &mut Vec<u8>,
) -> io::Result<End> {
    let deadline = Instant::now() + Duration::from_millis(limit.into());
    // A descriptor that becomes ready at the child's end would show in listings of this process:
    // look, sleep a little longer, look again.
    let mut pause = Duration::from_micros(100);
    let mut killed = false;
    loop {
        let status = child.try_wait()?;
        if let Some(stream) = stream {
            drain(stream, streamed);
        }
        if let Some(status) = status {
            return Ok(match (killed, status.code(), status.signal()) {
                (true, ..) => End::Overtime,
                (_, Some(code), _) => End::Exited(code),
                (_, _, signal) => End::Signalled(signal.unwrap_or_default()),
            });
        }
        if !killed && Instant::now() >= deadline {
            killed = true;
            child.kill()?;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(1));
    }
}

fn drain(stream: &mut File, bytes: &mut Vec<u8>) {
    let mut piece = [0; 1 << 16];
    // A terminal whose other side is closed answers with an error: that is its end.
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        bytes.extend_from_slice(piece.get(..length).unwrap_or_default());
    }
}

/// The side outside a scene: a started server and its facts.
#[derive(Debug)]
pub struct Session {
    child: Child,
    /// What the scene tells about itself.
    pub facts: Facts,
}

impl Session {
    /// Starts a server (`scene NAME --serve` or its like) and waits for its facts. It is a process
    /// group of its own: a scene holds stopped processes, and when a group that has some is left
    /// by the last process with a parent outside of it, the kernel hangs up on the whole group.
    ///
    /// # Errors
    /// When the server cannot be started or ends before it told its facts.
    pub fn start(server: &mut Command) -> io::Result<Self> {
        let mut child = server
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let hello = child.stdout.as_mut().map(get_frame).transpose()?.flatten();
        let facts = hello.as_deref().and_then(|frame| Parser(frame).pairs());
        match facts {
            Some(facts) => Ok(Self { child, facts }),
            None => {
                let _ = child.kill();
                let status = child.wait()?;
                Err(io::Error::other(format!(
                    "the scene did not come up: {status}"
                )))
            }
        }
    }

    /// Runs one command inside.
    ///
    /// # Errors
    /// When the server is gone or answers with something else than a response.
    pub fn run(&mut self, request: &Request) -> io::Result<Response> {
        let gone = || io::Error::other("the scene is gone");
        put_frame(
            self.child.stdin.as_mut().ok_or_else(gone)?,
            &request.encode(),
        )?;
        let frame = get_frame(self.child.stdout.as_mut().ok_or_else(gone)?)?.ok_or_else(gone)?;
        Response::decode(&frame).ok_or_else(malformed)
    }

    /// The value of one fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&OsStr> {
        self.facts
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_os_str())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The server ends at the end of its input; one that does not is ended.
        drop(self.child.stdin.take());
        for _ in 0..200 {
            match self.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                _ => return,
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn malformed() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a frame that does not follow the protocol",
    )
}

fn put_frame(output: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(bytes)?;
    output.flush()
}

fn get_frame(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut bytes = Vec::new();
    let length = u64::from(u32::from_le_bytes(length));
    input.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(Some(bytes))
    } else {
        Err(malformed())
    }
}

fn put_number(frame: &mut Vec<u8>, number: u32) {
    frame.extend_from_slice(&number.to_le_bytes());
}

fn put_bytes(frame: &mut Vec<u8>, bytes: &[u8]) {
    put_number(frame, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    frame.extend_from_slice(bytes);
}

fn put_pairs(frame: &mut Vec<u8>, pairs: &Facts) {
    put_number(frame, u32::try_from(pairs.len()).unwrap_or(u32::MAX));
    for (name, value) in pairs {
        put_bytes(frame, name.as_bytes());
        put_bytes(frame, value.as_bytes());
    }
}

/// What is left of a frame.
struct Parser<'f>(&'f [u8]);

impl<'f> Parser<'f> {
    fn take(&mut self, length: usize) -> Option<&'f [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn bytes(&mut self) -> Option<&'f [u8]> {
        let length = self.number()?;
        self.take(length as usize)
    }

    fn text(&mut self) -> Option<OsString> {
        Some(OsString::from_vec(self.bytes()?.to_vec()))
    }

    fn pairs(&mut self) -> Option<Facts> {
        (0..self.number()?)
            .map(|_| Some((self.text()?, self.text()?)))
            .collect()
    }
}

impl Request {
    fn encode(&self) -> Vec<u8> {
        let mut frame = Vec::new();
        put_bytes(&mut frame, self.program.as_os_str().as_bytes());
        put_bytes(&mut frame, self.argv0.as_bytes());
        put_number(
            &mut frame,
            u32::try_from(self.args.len()).unwrap_or(u32::MAX),
        );
        for word in &self.args {
            put_bytes(&mut frame, word.as_bytes());
        }
        put_pairs(&mut frame, &self.env);
        put_bytes(&mut frame, self.directory.as_os_str().as_bytes());
        put_bytes(&mut frame, &self.stdin);
        put_number(
            &mut frame,
            match self.identity {
                Identity::Root => 0,
                Identity::User(number) => number,
            },
        );
        let (kind, columns) = match self.output {
            Output::File => (0, 0),
            Output::Pipe => (1, 0),
            Output::BrokenPipe => (2, 0),
            Output::Full => (3, 0),
            Output::Terminal(columns) => (4, columns.into()),
        };
        put_number(&mut frame, kind);
        put_number(&mut frame, columns);
        put_number(&mut frame, self.limit);
        frame
    }

    fn decode(frame: &[u8]) -> Option<Self> {
        let mut parser = Parser(frame);
        Some(Self {
            program: parser.text()?.into(),
            argv0: parser.text()?,
            args: (0..parser.number()?)
                .map(|_| parser.text())
                .collect::<Option<_>>()?,
            env: parser.pairs()?,
            directory: parser.text()?.into(),
            stdin: parser.bytes()?.to_vec(),
            identity: match parser.number()? {
                0 => Identity::Root,
                number => Identity::User(number),
            },
            output: match (parser.number()?, parser.number()?) {
                (0, _) => Output::File,
                (1, _) => Output::Pipe,
                (2, _) => Output::BrokenPipe,
                (3, _) => Output::Full,
                (4, columns) => Output::Terminal(columns.try_into().ok()?),
                _ => return None,
            },
            limit: parser.number()?,
        })
    }
}

impl Response {
    fn encode(&self) -> Vec<u8> {
        let mut frame = Vec::new();
        put_number(&mut frame, self.pid);
        let (kind, number, reason) = match &self.end {
            End::Exited(code) => (0, *code, ""),
            End::Signalled(signal) => (1, *signal, ""),
            End::Overtime => (2, 0, ""),
            End::NotStarted(reason) => (3, 0, reason.as_str()),
        };
        put_number(&mut frame, kind);
        put_number(&mut frame, number.cast_unsigned());
        put_bytes(&mut frame, reason.as_bytes());
        put_bytes(&mut frame, &self.stdout);
        put_bytes(&mut frame, &self.stderr);
        frame
    }

    fn decode(frame: &[u8]) -> Option<Self> {
        let mut parser = Parser(frame);
        let pid = parser.number()?;
        let (kind, number) = (parser.number()?, parser.number()?.cast_signed());
        let reason = parser.bytes()?;
        let end = match kind {
            0 => End::Exited(number),
            1 => End::Signalled(number),
            2 => End::Overtime,
            3 => End::NotStarted(String::from_utf8_lossy(reason).into_owned()),
            _ => return None,
        };
        Some(Self {
            pid,
            end,
            stdout: parser.bytes()?.to_vec(),
            stderr: parser.bytes()?.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            program: "/bin/sh".into(),
            argv0: "sh".into(),
            args: vec!["-c".into(), "cat; echo $0 $X; echo oops >&2; exit 3".into()],
            env: vec![("X".into(), "y".into())],
            directory: "/".into(),
            stdin: b"in\n".to_vec(),
            identity: Identity::Root,
            output: Output::File,
            limit: 10_000,
        }
    }

    fn run(request: &Request) -> Response {
        Room::new().unwrap().run(request)
    }

    #[test]
    fn a_request_and_a_response_survive_their_frames() {
        let request = Request {
            identity: Identity::User(7),
            output: Output::Terminal(80),
            ..request()
        };
        assert_eq!(Request::decode(&request.encode()), Some(request));
        for end in [
            End::Exited(-1),
            End::Signalled(11),
            End::Overtime,
            End::NotStarted("no".to_owned()),
        ] {
            let response = Response {
                pid: 9,
                end,
                stdout: vec![0, 255],
                stderr: vec![],
            };
            assert_eq!(Response::decode(&response.encode()), Some(response));
        }
    }

    #[test]
    fn a_command_gets_its_input_and_gives_status_and_both_streams() {
        let response = run(&request());
        assert_eq!(response.end, End::Exited(3));
        assert_eq!(response.stdout, b"in\nsh y\n");
        assert_eq!(response.stderr, b"oops\n");
    }

    #[test]
    fn a_command_on_a_terminal_sees_its_width() {
        let mut request = Request {
            output: Output::Terminal(77),
            ..request()
        };
        request.args = vec!["-c".into(), "stty size <&1".into()];
        request.env = vec![("PATH".into(), "/usr/bin:/bin".into())];
        let response = run(&request);
        assert_eq!(String::from_utf8_lossy(&response.stdout), "24 77\r\n");
    }

    #[test]
    fn a_command_that_does_not_end_is_killed_and_its_output_kept() {
        let mut request = Request {
            output: Output::Pipe,
            limit: 200,
            ..request()
        };
        request.args = vec!["-c".into(), "echo first; exec sleep 60".into()];
        request.env = vec![("PATH".into(), "/usr/bin:/bin".into())];
        let response = run(&request);
        assert_eq!(response.end, End::Overtime);
        assert_eq!(response.stdout, b"first\n");
    }

    #[test]
    fn a_broken_pipe_ends_the_command_by_its_signal() {
        let mut request = Request {
            output: Output::BrokenPipe,
            ..request()
        };
        request.args = vec!["-c".into(), "exec cat".into()];
        request.env = vec![("PATH".into(), "/usr/bin:/bin".into())];
        assert_eq!(run(&request).end, End::Signalled(13));
    }
}
