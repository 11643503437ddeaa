# Sourced by run.sh, language.sh, loop.sh and ship.sh: measures commands. Needs GNU time as /usr/bin/time, because only the
# system knows a child's peak memory.

# measure RUNS BEFORE COMMAND… runs a command RUNS times, each time after BEFORE (a function or `:`, not measured), and
# leaves the medians in WALL and CPU (seconds; CPU is user and system time of all threads and children) and PEAK (MiB of
# the largest single process). Fails, with the command's output, if the command fails once.
measure() {
  local runs=$1 before=$2 run log times
  shift 2
  log=$(mktemp) times=$(mktemp)
  for ((run = 0; run < runs; run++)); do
    "$before"
    if ! /usr/bin/time --quiet --append --output="$times" --format='%e %U %S %M' "$@" >"$log" 2>&1; then
      tail -n 30 "$log" >&2
      echo "failed: $*" >&2
      return 1
    fi
  done
  WALL=$(awk '{print $1}' "$times" | median | awk '{printf "%.2f", $1}')
  CPU=$(awk '{print $2 + $3}' "$times" | median | awk '{printf "%.2f", $1}')
  PEAK=$(awk '{print $4 / 1024}' "$times" | median | awk '{printf "%.0f", $1}')
  rm -f "$log" "$times"
}

# read_runs NAME ARGUMENT…: reads the options of a script that has no others, `--runs N` into RUNS and `--help`, for which it
# calls the script's `help`. NAME is what people call the script.
read_runs() {
  local name=$1
  shift
  while (($#)); do
    case $1 in
      --help | -h) help && exit ;;
      --runs) RUNS=${2:?--runs needs a number} && shift ;;
      *) echo "$name: \`$1\` is no option; see $name --help" >&2 && exit 2 ;;
    esac
    shift
  done
}

# The median of the numbers on standard input, one a line.
median() {
  sort -g | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}
