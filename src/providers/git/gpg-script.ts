/**
 * Text of the script that runs gpg on the key ring `gnupg` beside it. A home of its own, with a short path, holds the
 * socket of the agent (a long path makes that fail); both are gone when gpg ends, and no two calls share them. A
 * signature carries the time of its commit, so that the same commit is signed alike every time, unless that is before
 * `since`, in seconds, when a key of the ring did not exist yet.
 */
export function gpgScript(since: number): string {
  return script.replace('@since@', String(since));
}

const script = `#!/bin/sh
umask 077
keys=$(dirname "$0")/gnupg
base=\${TMPDIR:-/tmp}
[ "\${#base}" -le 60 ] || base=/tmp
GNUPGHOME=$(mktemp -d "$base/gantry-XXXXXX") || exit 2
export GNUPGHOME
end() {
  gpgconf --kill gpg-agent
  gpgconf --remove-socketdir
  rm -rf "$GNUPGHOME"
} >/dev/null 2>&1
trap end EXIT
trap 'exit 143' HUP INT TERM
ln -s "$keys"/* "$GNUPGHOME"
time=\${GIT_COMMITTER_DATE#@}
time=\${time%% *}
case $time in
  '' | *[!0-9]*) ;;
  *) [ "$time" -lt @since@ ] || set -- --faked-system-time "$time!" "$@" ;;
esac
# Every key of the ring was given to us: all are trusted.
gpg --batch --no-tty --pinentry-mode error --no-auto-key-retrieve --trust-model always "$@"
status=$?
# An import puts new files in place of the links.
for file in pubring.kbx trustdb.gpg; do
  if [ -f "$GNUPGHOME/$file" ] && [ ! -L "$GNUPGHOME/$file" ]; then mv -f "$GNUPGHOME/$file" "$keys/$file"; fi
done
exit $status
`;
