using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Pipeline.Tests")]
