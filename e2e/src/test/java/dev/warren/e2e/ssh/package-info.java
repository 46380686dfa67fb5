/// Developers' ways into a workspace, through the whole system.
package dev.warren.e2e.ssh;
