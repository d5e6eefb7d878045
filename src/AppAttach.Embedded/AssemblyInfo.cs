using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Embedded.Tests")]
[assembly: InternalsVisibleTo("AppAttach.Pipeline.Tests")]
