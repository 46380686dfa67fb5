/// Compaction: when a chat's history no longer fits, a summary takes its place in what the model is
/// sent. Here is all of it that is a function of data: how full the window is ([ContextMeter],
/// [Window]), what a summariser is asked ([Transcript]), what of its answer is taken
/// ([SummaryText]), and what the summary message says ([SummaryMessage]). Asking models is the
/// caller's.
///
/// What a model writes is never trusted to be complete or benign: the user's own words and the
/// state of the work come from the database, and stand outside the model's text.
@NullMarked
package dev.warren.server.agent.compaction;

import org.jspecify.annotations.NullMarked;
