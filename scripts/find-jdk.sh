# Finds a JDK 25: sets JDK_HOME, or prints where it looked and returns 1. Sourced by ./isthmus and ./mvnw.

JDK_FEATURE=25

is_wanted_jdk() {
    [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q "^JAVA_VERSION=\"$JDK_FEATURE[.\"]" "$1/release"
}

find_jdk() {
    path_java=$(command -v java || true)
    path_home=
    if [ -n "$path_java" ]; then
        path_home=$(dirname "$(dirname "$(readlink -f "$path_java")")")
    fi
    for home in "${ISTHMUS_JAVA_HOME:-}" "${JAVA_HOME:-}" "$path_home" \
        /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/* /usr/java/*; do
        if [ -n "$home" ] && is_wanted_jdk "$home"; then
            JDK_HOME=$home
            return 0
        fi
    done
    cat >&2 <<END
No JDK $JDK_FEATURE was found. Looked at:
  ISTHMUS_JAVA_HOME          ${ISTHMUS_JAVA_HOME:-(not set)}
  JAVA_HOME                  ${JAVA_HOME:-(not set)}
  java on PATH               ${path_home:-(none)}
  /usr/lib/jvm/*  ~/.sdkman/candidates/java/*  ~/.jdks/*  /opt/*  /usr/java/*
Install a JDK $JDK_FEATURE (a package such as temurin-$JDK_FEATURE-jdk or openjdk-$JDK_FEATURE-jdk, or \`sdk install java\`),
or set ISTHMUS_JAVA_HOME to the directory of one.
END
    return 1
}
