using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Listener.Tests")]
