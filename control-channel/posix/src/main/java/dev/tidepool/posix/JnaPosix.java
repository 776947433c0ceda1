package dev.tidepool.posix;

final class JnaPosix {}
