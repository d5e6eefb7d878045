using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("AppAttach.Imaging.Tests")]
