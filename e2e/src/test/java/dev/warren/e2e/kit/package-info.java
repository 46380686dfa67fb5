/// What whole-system tests are made of: a control plane as a process, a client of its API, a reader
/// of its events. Each ends only the processes that it started.
package dev.warren.e2e.kit;
