using System.CommandLine;
using AppAttach.Listener;

var root = new RootCommand("Carries out what the pipeline asks of this host: mounts app images and registers their apps.");
ListenerCommands.AddTo(root);

// The host hears SIGTERM itself and stops in good order; the parser's own handling would cut it off after two seconds.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
