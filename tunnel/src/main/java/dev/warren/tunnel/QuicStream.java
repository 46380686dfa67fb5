package dev.warren.tunnel;

abstract non-sealed class QuicStream extends TunnelStream {}
