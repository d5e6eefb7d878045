using AppAttach.Embedded.Commands;

ListenerCommand.EndWithInputIfAsked();
return await CommandLine.RunAsync(args);
